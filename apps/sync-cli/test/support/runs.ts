import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunLog } from '@muster/socket/server';

const STARTED = Date.parse('2026-01-02T03:04:05.006Z');

/** A run whose output a test writes. */
export class TestRun implements RunLog {
  readonly run: number;
  readonly startedAt = STARTED;
  endedAt: number | null = null;
  outcome: RunLog['outcome'] = null;
  logPath: string | null;
  errorLogPath: string | null = null;
  logRange: RunLog['logRange'] = null;
  readonly errorLogRange = null;
  readonly #listeners = new Set<() => void>();

  constructor(run: number, path: string) {
    this.run = run;
    this.logPath = path;
  }

  get runId(): string {
    return `20260102T030405Z-5f3a9c1b-00000${this.run}`;
  }

  /** Writes as the script does. */
  write(text: string | Buffer): void {
    appendFileSync(this.logPath ?? '', text);
  }

  end(outcome: RunLog['outcome'] = 'succeeded'): void {
    this.endedAt = STARTED + 61_000;
    this.outcome = outcome;
    for (const listener of this.#listeners) listener();
  }

  onEnded(action: () => void): Disposable {
    if (this.endedAt === null) this.#listeners.add(action);
    else action();
    return { [Symbol.dispose]: () => void this.#listeners.delete(action) };
  }
}

/** The runs of the scripts of some units, with logs in a directory of their own. */
export class TestRuns implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'muster-logs-'));
  readonly #kept = new Map<string, TestRun[]>();

  /** A script stands for the unit. */
  script(unit: string): void {
    this.#kept.set(unit, []);
  }

  /** A run of the unit's script that goes on; its log has `text`, or is not there yet. */
  begin(unit: string, text?: string | Buffer, number?: number): TestRun {
    const kept = this.#kept.get(unit) ?? [];
    const run = new TestRun(number ?? kept.length + 1, this.path(`${unit}-${number ?? kept.length + 1}.log`));
    if (text !== undefined) run.write(text);
    this.#kept.set(unit, [...kept, run]);
    return run;
  }

  /** One that has ended. */
  ended(unit: string, text: string | Buffer, number?: number): TestRun {
    const run = this.begin(unit, text, number);
    run.end();
    return run;
  }

  of(unit: string): readonly TestRun[] | null {
    return this.#kept.get(unit) ?? null;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/**
 * Cuts a log in place, as the agent does: all but the beginning and the end, for which a line about it stands. @param counted What is
 * said of the bytes that a script wrote in that instant; without it there is no line about them.
 */
export function cutLog(
  path: string,
  { begin, keep, counted }: { readonly begin: number; readonly keep: number; readonly counted?: number },
): void {
  const content = readFileSync(path);
  const out = content.subarray(begin, -keep).toString('latin1');
  // The agent counts what is missing already, and not its own lines about it.
  const before = [...out.matchAll(/\n\[muster: about (\d+) bytes were cut out here\]\n/g)];
  const missing = before.reduce((sum, [line, count]) => sum + Number(count) - line.length, out.length);
  const note = counted === undefined ? '' : marker(counted);
  const text = Buffer.concat([Buffer.from(marker(missing)), content.subarray(-keep), Buffer.from(note)]);
  const fd = openSync(path, 'r+');
  writeSync(fd, text, 0, text.length, begin);
  ftruncateSync(fd, begin + text.length);
  closeSync(fd);
}

function marker(bytes: number): string {
  return `\n[muster: ${bytes > 0 ? `about ${bytes} bytes were cut out here` : 'some bytes may be missing here'}]\n`;
}
