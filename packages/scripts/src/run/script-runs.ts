import type { Outcome } from '@muster/unit';
import { type ScriptPaths, scriptPaths } from '../files/state-directory.ts';
import type { LogFeed } from '../log/log-feed.ts';
import type { PlannedScript } from '../plan/plan.ts';
import type { RunLog, RunReport, RunStart } from '../report.ts';
import type { ResolvedOptions } from '../runner-options.ts';
import type { Trigger } from '../script.ts';
import type { SupervisorPool } from '../supervisor/supervisor-pool.ts';
import type { RunTokens } from '../unit/run-tokens.ts';
import { TrackedUnit } from '../unit/tracked-unit.ts';
import type { UnitTracker } from '../unit-tracker.ts';
import { type EndOfRun, withoutProcess } from './end-of-run.ts';
import { errorCode } from './failure-reason.ts';
import { pruneRuns } from './retention.ts';
import { type FinishedRun, runScript } from './run.ts';
import { RunHistory } from './run-history.ts';
import type { RunIds } from './run-id.ts';
import type { Slots } from './slots.ts';
import type { Turns } from './turns.ts';

/** What the scripts of one runner share. */
export interface SharedByRuns {
  readonly units: UnitTracker;
  readonly options: ResolvedOptions;
  readonly feed: LogFeed;
  readonly slots: Slots;
  readonly turns: Turns;
  readonly supervisors: () => Promise<SupervisorPool>;
  readonly ids: RunIds;
  readonly tokens: RunTokens;
  /** Aborted when those that are being stopped have no more grace. */
  readonly hurry: AbortSignal;
}

/** One script with all its runs: waits → started → runs → completed → report. */
export class ScriptRuns {
  readonly planned: PlannedScript;
  readonly unit: TrackedUnit;
  readonly #shared: SharedByRuns;
  readonly #paths: ScriptPaths;
  readonly #live = new Set<string>();
  readonly #history: RunHistory;
  #pruned: Promise<void> = Promise.resolve();

  constructor(planned: PlannedScript, shared: SharedByRuns) {
    this.planned = planned;
    this.#shared = shared;
    this.#paths = scriptPaths(shared.options.stateDir, planned.unit ?? planned.script.id);
    const { runs: keep } = shared.options.retention;
    this.#history = new RunHistory({ script: planned.script, logs: this.#paths.logs, keep });
    this.unit = new TrackedUnit(shared.units, shared.options.logger, planned);
  }

  /** Never rejects, and always ends with exactly one report. */
  async run(stage: Trigger, signal: AbortSignal): Promise<RunReport> {
    const runId = this.#shared.ids.next();
    // To load them takes longer than to start a script, and is no part of its run. A run that they fail for says so itself.
    await this.#shared.supervisors().catch(() => undefined);
    const admission = await this.unit.start(signal);
    const start = this.#start(stage, runId, admission.kind === 'started' ? admission.run : 0);
    if (admission.kind !== 'started') {
      const reason = admission.kind === 'skipped' ? admission.reason : undefined;
      return this.#report(start, { end: withoutProcess(admission.kind, reason), log: null }, 0);
    }
    const { clock } = this.#shared.options;
    const began = clock.monotonic();
    const kept = this.#history.begin(start);
    const finished = await this.#started(start, signal);
    this.unit.complete(completionOf(finished.end));
    this.#pruned = this.#pruned.then(() => this.#prune());
    // In the same step as the completion: whoever is told of that knows the rest at once.
    const report = this.#report(start, finished, Math.round(clock.monotonic() - began));
    kept.end(report);
    return report;
  }

  /** The runs whose logs are kept, oldest first. */
  get logs(): readonly RunLog[] {
    return this.#history.list();
  }

  /** Resolves when what the runs so far have left is in order; never rejects. */
  get tidied(): Promise<void> {
    return this.#pruned;
  }

  async #started(start: RunStart, signal: AbortSignal): Promise<FinishedRun> {
    const { options, feed, slots, turns, supervisors, tokens, hurry } = this.#shared;
    this.#tell('onStarted', () => options.onStarted(start));
    using slot = await slots.take(signal);
    if (slot === null) return { end: withoutProcess('canceled'), log: null };
    await turns.next();
    this.#live.add(start.runId);
    const { script, unit } = this.planned;
    const token = unit === null ? null : tokens.issue(unit);
    const onStop = (ending: Outcome): void => {
      if (unit !== null && token !== null) tokens.close(unit, token, ending);
    };
    const context = { script, start, token, onStop, paths: this.#paths, options, feed, supervisors, signal, hurry };
    const finished = await runScript(context);
    if (unit !== null && token !== null) tokens.revoke(unit, token);
    this.#live.delete(start.runId);
    return finished;
  }

  #start(stage: Trigger, runId: string, run: number): RunStart {
    const { script, unit } = this.planned;
    return { script: script.id, unit, run, runId, stage, startedAt: this.#shared.options.clock.now() };
  }

  #report(start: RunStart, { end, log }: FinishedRun, duration: number): RunReport {
    const { logger, onReport } = this.#shared.options;
    const logs = { logPath: log?.path ?? null, errorLogPath: log?.errorPath ?? null };
    const report = { ...start, endedAt: start.startedAt + duration, ...end, ...logs };
    logger[end.outcome === 'succeeded' ? 'debug' : 'info'](report, `script ${end.outcome}`);
    this.#tell('onReport', () => onReport(report));
    return report;
  }

  async #prune(): Promise<void> {
    const { options } = this.#shared;
    try {
      const isLive = (runId: string): boolean => this.#live.has(runId);
      this.#history.forget(await pruneRuns({ ...this.#paths, retention: options.retention, isLive }));
    } catch (error) {
      options.logger.warn({ script: this.planned.script.id, code: errorCode(error) }, 'cannot delete old runs');
    }
  }

  /** A listener that throws is a bug of its owner, and must not end the run of anybody. */
  #tell(name: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#shared.options.logger.error({ script: this.planned.script.id, code: errorCode(error) }, `${name} failed`);
    }
  }
}

function completionOf({ outcome, exitCode, signal, reason }: EndOfRun) {
  return {
    outcome,
    ...(exitCode === null ? {} : { exitCode }),
    ...(signal === null ? {} : { signal }),
    ...(reason === undefined ? {} : { reason }),
  };
}
