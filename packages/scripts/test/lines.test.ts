import { pbkdf2 } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { linesOf } from '@muster/scripts';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { LogFile } from '../src/log/log-file.ts';
import { LogTail, MAX_LINE_BYTES, type Piece, READ_BYTES } from '../src/log/log-tail.ts';

const directory = mkdtempSync(join(tmpdir(), 'muster-lines-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A log and its reader, in a file of their own. */
class Log implements Disposable {
  static #count = 0;
  readonly file = new LogFile(join(directory, String(Log.#count++)));
  readonly tail = new LogTail(this.file, { script: 'a', unit: 'a', run: 1, runId: 'r', level: 'info' });
  readonly pieces: Piece[] = [];
  numbers = '';
  readonly #buffer = Buffer.alloc(READ_BYTES);

  write(bytes: Uint8Array | string): void {
    writeSync(this.file.fd, Buffer.from(bytes));
  }

  /** How long they are so far, again and again, in lines of some length. */
  writeNumbers(count: number): void {
    const text = `${this.numbers.length} `.repeat(count).replaceAll('5 ', '5\n');
    this.write(text);
    this.numbers += text;
  }

  readOne(): boolean {
    const piece = this.tail.read(this.#buffer);
    if (piece !== null) this.pieces.push(piece);
    return piece !== null;
  }

  readAll(): void {
    while (this.readOne());
  }

  end(): void {
    this.tail.end();
    this.readAll();
  }

  /** As a run with a cap of 1,000 bytes does. */
  async cap(meanwhile: () => void = () => undefined): Promise<boolean> {
    if (this.file.size <= 1000) return false;
    return await this.file.cut(500, 250, (bytes) => {
      meanwhile();
      return `\n[${bytes} bytes]\n`;
    });
  }

  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }
}

/** What a reader gets that looks after each chunk. */
function linesIn(chunks: readonly Uint8Array[]): string[] {
  using log = new Log();
  for (const chunk of chunks) {
    log.write(chunk);
    log.readAll();
  }
  log.end();
  return log.pieces.flatMap((piece) => [...linesOf(piece)]);
}

/** Cuts the bytes at these places. */
function pieces(whole: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
  return edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
}

/** The lines of some bytes that are all there, made without any care for size or speed. */
function expectedLines(bytes: Uint8Array): string[] {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    const isLong = line.length > MAX_LINE_BYTES;
    const shown = isLong ? line.slice(0, MAX_LINE_BYTES) : line.replace(/\r$/, '');
    return Buffer.from(shown, 'latin1').toString('utf8') + (isLong ? '…' : '');
  });
}

describe('lines', () => {
  it('are the same however the bytes arrive', () => {
    const bytes = fc.array(fc.oneof(fc.constantFrom(10, 13, 0xe2, 0x82, 0xac, 0xff, 0, 97), fc.nat(255)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(60), { maxLength: 6 }), (values, cuts) => {
        const whole = Uint8Array.from(values);
        expect(linesIn(pieces(whole, cuts))).toEqual(expectedLines(whole));
      }),
    );
  });

  it('lose their CR, keep NUL, show bad UTF-8 as U+FFFD, and need no last line feed, wherever they are split', () => {
    const whole = Buffer.concat([Buffer.from('a\r\n\0\n'), Buffer.from([0xff]), Buffer.from('€\r\r\n\n😀\nend\r')]);
    for (let cut = 0; cut <= whole.length; cut++)
      expect(linesIn(pieces(whole, [cut]))).toEqual(['a', '\0', '\ufffd€\r', '', '😀', 'end']);
  });

  it.each([-1, 0, 1, 2])(
    'end with … when they are longer than 64 KiB, and the next one is whole (64 KiB and %i)',
    (more) => {
      const long = 'x'.repeat(MAX_LINE_BYTES + more);
      for (const text of [`${long}\nnext\n`, `${long}\r\nnext\n`, `before\n${long}\n${long}\nnext`, long])
        for (const cut of [0, 1, MAX_LINE_BYTES - 1, MAX_LINE_BYTES, MAX_LINE_BYTES + 1, text.length])
          expect(linesIn(pieces(Buffer.from(text), [cut]))).toEqual(expectedLines(Buffer.from(text)));
    },
  );

  it('of a megabyte take no more room than those of 64 KiB', () => {
    const lines = linesIn([Buffer.from(`${'x'.repeat(1_000_000)}\n`), Buffer.from('€'.repeat(1_000_000))]);
    expect(lines.map((line) => [Buffer.byteLength(line) <= MAX_LINE_BYTES + 6, line.at(-1)])).toEqual([
      [true, '…'],
      [true, '…'],
    ]);
  });
});

/** Follows the pieces through what was written: each is the next part of it, and what is skipped is exactly what lacks. */
function follow(output: string, pieces: readonly Piece[]): number {
  let position = 0;
  for (const [index, { text, skipped }] of pieces.entries()) {
    const isCutOff = output.slice(position, position + text.length) !== text;
    const length = isCutOff ? text.length - 1 : text.length;
    expect(output.slice(position, position + length)).toBe(text.slice(0, length));
    if (isCutOff) expect([text.at(-1), (pieces[index + 1]?.skipped ?? 1) > 0]).toEqual(['\n', true]);
    position += length + skipped;
  }
  return position;
}

type Step = number | 'read' | 'cut' | 'cut while written';

async function take(step: Step, log: Log): Promise<void> {
  if (step === 'read') return void log.readOne();
  await log.file.settled();
  if (typeof step === 'number') log.writeNumbers(step / 4);
  else void log.cap(() => log.writeNumbers(step === 'cut' ? 0 : 3));
}

describe('a log that is cut', () => {
  it('in the middle of a line that is too long goes on with what is left of it', async () => {
    using log = new Log();
    log.write('x'.repeat(70_000));
    log.readOne();
    log.write(`${'y'.repeat(1000)}\nnext\n`);
    await log.cap();
    log.end();
    expect(log.pieces.map(({ text, skipped }) => skipped || text.replace(/^x+/, 'x'))).toEqual([
      'x…\n',
      71_006 - 250 - READ_BYTES,
      `${'y'.repeat(244)}\nnext\n`,
    ]);
  });

  it('stays whole where what stands in the place of the rest would take more room', async () => {
    using log = new Log();
    log.write('1\n22\n333\n');
    await log.file.cut(3, 3, () => 'x'.repeat(50));
    log.end();
    expect(log.pieces).toEqual([{ text: '1\n22\n333\n', skipped: 0 }]);
  });

  it('while a script writes goes on with a new line, and tells what is lost by that, also in the log', async () => {
    using log = new Log();
    log.write(`${'old\n'.repeat(300)}half`);
    log.readAll();
    const written = ['a line, ', 'lost'];
    expect(await log.cap(() => log.write(written.shift() ?? ''))).toBe(true);
    log.write('next\n');
    log.end();
    expect(log.pieces.slice(1)).toEqual([
      { text: 'halfa line, \n', skipped: 0 },
      { text: '', skipped: 4 },
      { text: 'next\n', skipped: 0 },
    ]);
    // The number was written before the last four bytes came.
    expect(readFileSync(log.file.path, 'utf8').endsWith('old\nhalfa line, \n[0 bytes]\nnext\n')).toBe(true);
  });

  it('while a script writes joins no lines, although nothing is known to be lost', async () => {
    using log = new Log();
    log.write(`${'old\n'.repeat(300)}${'x'.repeat(READ_BYTES + 10)}`);
    log.readAll();
    const written = ['yz'];
    expect(await log.cap(() => log.write(written.shift() ?? ''))).toBe(true);
    log.write('next\n');
    log.end();
    expect(log.pieces.at(-1)).toEqual({ text: 'next\n', skipped: 0 });
    expect(log.tail.skipped).toBe(0);
  });

  const step = fc.oneof(fc.nat(3000), fc.constantFrom<Step>('read', 'cut', 'cut while written'));

  it('ends where it will end, although the system has not shortened it yet', async () => {
    using log = new Log();
    log.write('old\n'.repeat(10_000_000)); // Less would be freed at once.
    // The threads by which Node would shorten it have other work first.
    const busy = Array.from({ length: 16 }, () => promisify(pbkdf2)('a', 'b', 50_000, 8, 'sha1'));
    const cutting = log.cap();
    log.readAll();
    const { text } = log.pieces.at(-1) ?? { text: '' };
    await Promise.all([cutting, ...busy]);
    expect(text).toBe(`d\n${'old\n'.repeat(62)}`);
  });

  it('is passed on whole but for what is missing, which is told to the byte; also while it is being cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        using log = new Log();
        for (const what of steps) await take(what, log);
        await log.file.settled();
        log.end();
        expect(follow(log.numbers, log.pieces)).toBe(log.numbers.length);
        expect(log.tail.unread).toBe(0);
        expect(log.tail.skipped).toBe(log.pieces.reduce((sum, { skipped }) => sum + skipped, 0));
      }),
    );
  });
});
