import { setImmediate } from 'node:timers/promises';
import { pause } from './clock.ts';
import { ScriptError } from './errors.ts';
import { openFileBudget } from './files/open-files.ts';
import { ensurePrivateDirectory } from './files/private-directory.ts';
import { binDirectory } from './files/state-directory.ts';
import { LogFeed } from './log/log-feed.ts';
import type { ExecutedCounts } from './metrics.ts';
import { type PlannedScript, type PlanOptions, planScripts } from './plan/plan.ts';
import { problem, type ScriptProblem } from './plan/plan-problem.ts';
import { stopProcesses } from './processes/stop-processes.ts';
import { findProcesses } from './processes/stray-processes.ts';
import type { RunLog, RunReport } from './report.ts';
import { dependentsFirst } from './run/dependents-first.ts';
import { errorCode } from './run/failure-reason.ts';
import { RunIds } from './run/run-id.ts';
import { Schedule } from './run/schedule.ts';
import { ScriptRuns, type SharedByRuns } from './run/script-runs.ts';
import { Slots } from './run/slots.ts';
import { Turns } from './run/turns.ts';
import { type ResolvedOptions, resolveOptions, type ScriptRunnerOptions } from './runner-options.ts';
import type { Script, Trigger } from './script.ts';
import type { SupervisorPool } from './supervisor/supervisor-pool.ts';
import { RunTokens } from './unit/run-tokens.ts';
import { ScriptOwnership } from './unit/script-ownership.ts';
import { noUnits, type UnitTracker } from './unit-tracker.ts';

/** How many processes a message names; its facts have them all. */
const MAX_PIDS = 10;

/** How many scripts begin in one turn of the event loop; a thousand would keep everybody else waiting for 18 ms. */
const MAX_BEGUN_AT_ONCE = 32;

/**
 * Runs scripts as units.
 *
 * ```
 * new ── init() ──► ready ── [Symbol.asyncDispose]() ──► disposed
 * ```
 *
 * While ready, `execute` may run any number of times, and the schedule may start and stop.
 */
export class ScriptRunner implements AsyncDisposable {
  readonly #options: ResolvedOptions;
  readonly #units: UnitTracker;
  readonly #shared: SharedByRuns;
  readonly #shutdown = new AbortController();
  readonly #hurry = new AbortController();
  readonly #tokens = new RunTokens();
  readonly #executing = new Set<Promise<unknown>>();
  /** Who may report the units of the scripts: give it to the server of the socket. */
  readonly ownership = new ScriptOwnership(this.#tokens);
  #scripts: readonly ScriptRuns[] | null = null;
  #schedule: Schedule | null = null;
  #supervisors: Promise<SupervisorPool> | null = null;
  #disposal: Promise<void> | null = null;
  #succeeded = 0;
  #failed = 0;
  #overruns = 0;

  constructor(units: UnitTracker, options: ScriptRunnerOptions) {
    this.#units = units;
    this.#options = resolveOptions(options);
    const { sink, logger, concurrency, clock } = this.#options;
    this.#shared = {
      units,
      options: this.#options,
      feed: new LogFeed({ sink, logger, clock, maxEnded: openFileBudget().endedLogs }),
      slots: new Slots(concurrency),
      turns: new Turns(),
      supervisors: () => this.#supervisorPool(),
      ids: new RunIds(clock.now()),
      tokens: this.#tokens,
      hurry: this.#hurry.signal,
    };
  }

  /** Where to put commands for the scripts: it comes first on their `PATH`. Made by {@link init}, with mode 0700. */
  get binDir(): string {
    return binDirectory(this.#options.stateDir);
  }

  /** Runs that have ended, since the runner was made; skipped ones are not counted. */
  get executed(): ExecutedCounts {
    return { succeeded: this.#succeeded, failed: this.#failed };
  }

  /** How often a scheduled script was due while its last run was still going on, and therefore did not run. */
  get overruns(): number {
    return this.#overruns;
  }

  /**
   * Takes the scripts, and registers all their units and dependencies at once. Runs nothing. Tells of processes that
   * scripts of an earlier runner with this state directory have left behind.
   *
   * @throws ScriptError `invalid_scripts` with everything that is wrong, and then nothing is registered;
   *   `already_initialized`; `disposed`.
   */
  async init(scripts: readonly Script[], options: PlanOptions = {}): Promise<void> {
    if (this.#disposal !== null) throw ScriptError.disposed();
    if (this.#scripts !== null) throw ScriptError.alreadyInitialized();
    const { planned, problems, warnings } = planScripts(scripts, options);
    const all = this.#units === noUnits ? [...problems, ...untracked(scripts)] : problems;
    if (all.length > 0) throw ScriptError.invalidScripts(all);
    for (const { message, ...facts } of warnings) this.#options.logger.warn(facts, message);
    this.#scripts = planned.map((entry) => new ScriptRuns(entry, this.#shared));
    for (const { script, unit } of planned) if (unit !== null) this.ownership.add(unit, script);
    for (const { unit } of this.#scripts) unit.register();
    for (const { unit } of this.#scripts) unit.addDependencies();
    this.#reportLeftovers();
    this.#makeBinDirectory();
  }

  /** The units of the scripts that have the trigger, in the order of the scripts. Empty before {@link init}. */
  unitsOf(trigger: Trigger): readonly string[] {
    const selected = (this.#scripts ?? []).filter(({ planned }) => planned.script.triggers.includes(trigger));
    return selected.map(({ planned }) => planned.unit).filter((unit) => unit !== null);
  }

  /** The runs of the unit's script whose logs are kept, oldest first; `null` where no script has that unit. */
  logsOf(unit: string): readonly RunLog[] | null {
    return this.#scripts?.find(({ planned }) => planned.unit === unit)?.logs ?? null;
  }

  /**
   * Runs every script that has the trigger, each as soon as its unit may start, and waits for all of them. A script that fails
   * is a report; this rejects only when it is called at the wrong time.
   *
   * @param options `signal` cancels what waits and what runs.
   * @returns One report per script, in the order of the scripts.
   * @throws ScriptError `not_initialized`, `disposed`
   */
  async execute(trigger: 'start' | 'stop', options: { signal?: AbortSignal } = {}): Promise<readonly RunReport[]> {
    const selected = this.#ready().filter(({ planned }) => planned.script.triggers.includes(trigger));
    const signal = this.#until(options.signal);
    this.ownership.begin(trigger);
    const reports = await this.#untilExecuted(this.#runAll(selected, trigger, signal));
    this.ownership.end(trigger);
    await Promise.all(selected.map(({ tidied }) => tidied));
    return reports;
  }

  /**
   * From now on, scripts with the trigger `cron` run when they are due. Without effect when it goes on already.
   *
   * @throws ScriptError `not_initialized`, `disposed`
   */
  startSchedule(): void {
    const due = new Map(this.#ready().flatMap((runs) => (isScheduled(runs) ? [[runs.planned, runs] as const] : [])));
    this.ownership.begin('cron');
    this.#schedule ??= new Schedule([...due.keys()], {
      logger: this.#options.logger,
      run: async (planned, signal) => {
        const runs = due.get(planned);
        if (runs !== undefined) await this.#untilExecuted(this.#run(runs, 'cron', this.#until(signal)));
      },
      onOverrun: (planned) => this.#overrun(planned),
    });
  }

  /** Nothing is due any more, and scheduled runs are cancelled. Resolves when they have ended. */
  async stopSchedule(): Promise<void> {
    this.ownership.end('cron');
    const schedule = this.#schedule;
    this.#schedule = null;
    await schedule?.[Symbol.asyncDispose]();
  }

  /**
   * From now on nobody is given grace: whatever is being stopped, or will be, gets SIGKILL right after SIGTERM. Stops
   * nothing by itself.
   */
  hurry(): void {
    this.#hurry.abort();
  }

  /**
   * Stops the schedule, cancels what waits and what runs, and ends the background processes that scripts have left behind;
   * those that have removed MUSTER_RUN_ID from their environment may stay. Takes the grace twice and some seconds at
   * the most. A second call waits for the first.
   */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    this.#shutdown.abort();
    await this.stopSchedule();
    await Promise.all(this.#executing);
    await Promise.all((this.#scripts ?? []).map(({ tidied }) => tidied));
    const { clock, graceMs } = this.#options;
    const supervisors = await this.#supervisors?.catch(() => undefined); // None was loaded: no run has got that far.
    if (supervisors !== undefined) await pause(clock, graceMs, supervisors[Symbol.asyncDispose]());
    supervisors?.kill();
    const patience = { clock, graceMs, hurry: this.#hurry.signal };
    const survivors = await stopProcesses({ environment: [`MUSTER_RUN_ID=${this.#shared.ids.prefix}`] }, patience);
    if (survivors > 0) this.#options.logger.warn({ survivors }, 'some processes of scripts can not be killed');
    // A sink that never answers must not keep anybody from ending.
    await pause(clock, graceMs, this.#shared.feed.flush());
    await this.#shared.feed[Symbol.asyncDispose]();
  }

  #supervisorPool(): Promise<SupervisorPool> {
    this.#supervisors ??= import('./supervisor/supervisor-pool.ts').then((module) => new module.SupervisorPool());
    return this.#supervisors;
  }

  #ready(): readonly ScriptRuns[] {
    if (this.#disposal !== null) throw ScriptError.disposed();
    if (this.#scripts === null) throw ScriptError.notInitialized();
    return this.#scripts;
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#shutdown.signal : AbortSignal.any([signal, this.#shutdown.signal]);
  }

  /** Disposal waits for it. */
  async #untilExecuted<T>(execution: Promise<T>): Promise<T> {
    this.#executing.add(execution);
    try {
      return await execution;
    } finally {
      this.#executing.delete(execution);
    }
  }

  async #runAll(selected: readonly ScriptRuns[], stage: Trigger, signal: AbortSignal): Promise<readonly RunReport[]> {
    const running = new Map<ScriptRuns, Promise<RunReport>>();
    for (const runs of dependentsFirst(selected)) {
      if (running.size % MAX_BEGUN_AT_ONCE === 0) await setImmediate();
      running.set(runs, this.#run(runs, stage, signal));
    }
    const reports = await Promise.all(selected.map((runs) => running.get(runs)));
    return reports.filter((report) => report !== undefined);
  }

  async #run(runs: ScriptRuns, stage: Trigger, signal: AbortSignal): Promise<RunReport> {
    const report = await runs.run(stage, signal);
    if (report.outcome === 'succeeded') this.#succeeded += 1;
    else if (report.run > 0) this.#failed += 1;
    return report;
  }

  #overrun({ script, unit }: PlannedScript): void {
    this.#overruns += 1;
    this.#options.logger.warn(
      { script: script.id, unit, overruns: this.#overruns },
      'a script is due, but its last run still goes on; it does not run',
    );
  }

  /** A runner that was killed leaves its scripts running. Whoever starts anew should know. */
  #reportLeftovers(): void {
    const environment = ['MUSTER_RUN_ID=', `MUSTER_SCRIPT_BIN_DIR=${this.binDir}\0`];
    const pids = findProcesses({ environment }).map(({ pid }) => pid);
    if (pids.length === 0) return;
    const shown = `${pids.slice(0, MAX_PIDS).join(', ')}${pids.length > MAX_PIDS ? ', …' : ''}`;
    this.#options.logger.warn(
      { pids },
      `scripts of an earlier run of this state directory still have processes (${shown}); they are left alone`,
    );
  }

  #makeBinDirectory(): void {
    try {
      ensurePrivateDirectory(this.#options.stateDir);
      ensurePrivateDirectory(this.binDir);
    } catch (error) {
      // Every run tries again, and fails with this as its reason.
      const reason = error instanceof Error ? error.message : errorCode(error);
      this.#options.logger.error({ reason }, 'the state directory can not be used: no script will be able to run');
    }
  }
}

function isScheduled({ planned }: ScriptRuns): boolean {
  return planned.script.triggers.includes('cron');
}

function untracked(scripts: readonly Script[]): ScriptProblem[] {
  return scripts.flatMap(({ id, needs = [], after = [] }) => {
    const fields = [
      ...(needs.length > 0 ? (['needs'] as const) : []),
      ...(after.length > 0 ? (['after'] as const) : []),
    ];
    return fields.map((field) => problem('untracked', { script: id, field }));
  });
}
