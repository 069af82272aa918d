import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { openLog } from '../../src/log/agent-log.ts';
import { BoundedOutput } from '../../src/log/bounded-output.ts';

/** A reader that takes nothing until it is released. */
class StuckReader extends Writable {
  readonly #waiting: (() => void)[] = [];
  #free = false;
  text = '';

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk;
    if (this.#free) done();
    else this.#waiting.push(done);
  }

  release(): void {
    this.#free = true;
    for (const done of this.#waiting.splice(0)) done();
  }
}

test('a reader that is stuck costs a bounded amount of memory, and is told what it missed', async () => {
  const reader = new StuckReader();
  const output = new BoundedOutput(reader);
  const log = await openLog(output, { format: 'json', level: 'info', color: false });
  for (let line = 0; line < 3000; line++) log.info('x'.repeat(1000));
  expect(reader.writableLength).toBeLessThan(1024 * 1024 + 2000);
  await output.flush(1);
  reader.release();
  await output.flush(10_000);
  const lines = reader.text.trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '') as { lost: number; msg: string };
  expect(last.msg).toBe(`${last.lost} lines of this log were left out: nobody read them in time`);
  expect(lines.length - 1 + last.lost).toBe(3000);
});

test('nothing is waited for when the reader has gone', async () => {
  const reader = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  const output = new BoundedOutput(reader);
  output.write('a');
  await output.flush(600_000);
  output.write('b');
  await output.flush(600_000);
  expect(reader.errored?.message).toBe('EPIPE');
});
