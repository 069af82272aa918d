import { statSync } from 'node:fs';
import type { Outcome } from '@muster/unit';
import { type LogPaths, logPaths } from '../log/log-paths.ts';
import type { RunLog, RunReport, RunStart } from '../report.ts';
import type { Script } from '../script.ts';

/** What a {@link RunHistory} needs to know of its script. */
export interface HistoryOptions {
  readonly script: Script;
  /** The directory of its logs. */
  readonly logs: string;
  /** How many runs to remember at the most; the latest always is. */
  readonly keep: number;
}

/** The latest runs of one script, as long as their logs are kept. */
export class RunHistory {
  readonly #options: HistoryOptions;
  #runs: readonly KeptRun[] = [];

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** A run has started. Its report is to be given to the result. */
  begin(start: RunStart): { end(report: RunReport): void } {
    const run = new KeptRun(start, this.#options);
    this.#runs.at(-1)?.endRanges(run);
    this.#runs = [...this.#runs, run].slice(-Math.max(1, this.#options.keep));
    return run;
  }

  /** The logs of these runs are deleted. */
  forget(runIds: readonly string[]): void {
    if (runIds.length > 0) this.#runs = this.#runs.filter(({ runId }) => !runIds.includes(runId));
  }

  /** Oldest first. */
  list(): readonly RunLog[] {
    return this.#runs;
  }
}

interface Range {
  readonly from: number;
  readonly to: number | null;
}

/** Of a workspace with thousands of units there are as many, so it holds no path. */
class KeptRun implements RunLog {
  readonly #options: HistoryOptions;
  readonly run: number;
  readonly runId: string;
  readonly startedAt: number;
  endedAt: number | null = null;
  outcome: Outcome | null = null;
  logRange: Range | null = null;
  errorLogRange: Range | null = null;
  #hasLog = true;
  #listeners: Set<() => void> | null = null;

  constructor({ run, runId, startedAt }: RunStart, options: HistoryOptions) {
    this.#options = options;
    this.run = run;
    this.runId = runId;
    this.startedAt = startedAt;
    const { path, errorPath, perRun } = this.#paths;
    if (perRun) return;
    this.logRange = { from: sizeOf(path), to: null };
    if (errorPath !== null) this.errorLogRange = { from: sizeOf(errorPath), to: null };
  }

  get logPath(): string | null {
    return this.#hasLog ? this.#paths.path : null;
  }

  get errorLogPath(): string | null {
    return this.#hasLog ? this.#paths.errorPath : null;
  }

  get #paths(): LogPaths {
    return logPaths(this.#options.script, this.#options.logs, this.runId);
  }

  /** What comes after this run's output is that of `next`. */
  endRanges(next: KeptRun): void {
    if (this.logRange !== null) this.logRange = { ...this.logRange, to: next.logRange?.from ?? null };
    if (this.errorLogRange !== null)
      this.errorLogRange = { ...this.errorLogRange, to: next.errorLogRange?.from ?? null };
  }

  end({ endedAt, outcome, logPath }: RunReport): void {
    this.endedAt = endedAt;
    this.outcome = outcome;
    this.#hasLog = logPath !== null;
    const listeners = this.#listeners ?? [];
    this.#listeners = null;
    for (const listener of listeners) listener();
  }

  onEnded(action: () => void): Disposable {
    if (this.endedAt !== null) {
      action();
      return { [Symbol.dispose]: () => undefined };
    }
    const listener = (): void => action();
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners?.delete(listener) };
  }
}

/** What is there before a run belongs to others. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0; // Whoever opens it will say what is wrong.
  }
}
