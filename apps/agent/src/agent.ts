import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Logger, type RunReport, ScriptRunner } from '@muster/scripts';
import { type SocketPathSource, SyncServer } from '@muster/socket/server';
import { type Outcome, UnitManager } from '@muster/unit';
import { writeDropInCommands } from './drop-in-commands.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { fileDescriptorLimit } from './fd-limit.ts';
import { Lifecycle, type LifecycleState, type StageResult, stageResult } from './lifecycle.ts';
import type { AgentLog } from './log/agent-log.ts';
import { UnitLog } from './log/unit-log.ts';
import type { Manifest } from './manifest/manifest.ts';
import { writeMusterCommand } from './muster-command.ts';
import { releaseMemoryAfter } from './process/release-memory.ts';
import { RunTimes } from './run-times.ts';
import { scriptEnvironment } from './script-environment.ts';
import { StartFailures } from './start-failures.ts';
import { untilCompleted } from './until-completed.ts';

/** What an agent is made of; all of it is required. */
export interface AgentOptions {
  readonly manifest: Manifest;
  readonly socket: { readonly path: string; readonly source: SocketPathSource };
  /** There, private, and this agent's own. */
  readonly stateDir: string;
  /** The longest that all stop scripts together may take, in milliseconds; 0 is for ever. */
  readonly stopTimeoutMs: number;
  readonly log: AgentLog;
  readonly version: string;
  /** The environment that scripts inherit, before the agent takes out what is its own. */
  readonly env: NodeJS.ProcessEnv;
  /** Called with the table of all units when the start scripts have ended, and again at the end. */
  readonly onTable: (table: string, stage: 'started' | 'stopped') => void;
}

/**
 * The composition root: one unit manager, given to the script runner and to the socket server.
 *
 * ```
 * run() ── units visible ── socket answers ── start scripts, schedule ── stop() ── stop scripts ── socket closed
 * ```
 */
export class Agent {
  readonly #options: AgentOptions;
  readonly #boot = randomUUID();
  readonly #startedAt = Date.now();
  readonly #units: UnitManager;
  readonly #unitLog: UnitLog;
  readonly #runTimes: RunTimes;
  readonly #runner: ScriptRunner;
  readonly #lifecycle: Lifecycle;
  /** Of start scripts that have ended. */
  readonly #startOutcomes: Outcome[] = [];
  readonly #startFailures: StartFailures;
  readonly #startup = Promise.withResolvers<void>();
  /** Aborted when the agent stops. */
  readonly #running = new AbortController();
  /** Aborted when the stop scripts have had their time. */
  readonly #stopping = new AbortController();

  constructor(options: AgentOptions) {
    const { log, manifest, env, stateDir, socket } = options;
    this.#options = options;
    this.#lifecycle = new Lifecycle(Date.now, ({ state, at }) =>
      log.info({ state, at: new Date(at).toISOString() }, WORDS[state]),
    );
    this.#units = new UnitManager({
      now: Date.now,
      onListenerError: (err) => log.error({ err }, 'a reader of unit changes failed'),
    });
    this.#unitLog = new UnitLog(this.#units, log);
    this.#startFailures = new StartFailures(this.#units);
    this.#runTimes = new RunTimes(this.#units, { path: join(stateDir, 'run-times.json'), log });
    this.#runner = new ScriptRunner(this.#units, {
      stateDir,
      logger: forRunner(log),
      env: scriptEnvironment(env, manifest.env),
      socketPath: socket.path,
      onReport: (report: RunReport) => this.#takeReport(report),
    });
  }

  /** Where the agent is in its life. */
  get state(): LifecycleState {
    return this.#lifecycle.state;
  }

  /**
   * Lives until {@link stop}. May be called once.
   *
   * @returns the exit code of the process.
   * @throws SocketError where the socket can't be had; nothing has run then.
   */
  async run(): Promise<ExitCode> {
    // Ended in reverse order. Not an AsyncDisposableStack: Node 22 has none.
    using _log = this.#unitLog;
    using _times = this.#runTimes;
    await using _runner = this.#runner;
    const { scripts, external } = this.#options.manifest;
    await this.#runner.init(scripts, { external });
    using _failures = this.#startFailures.watch(this.#runner.unitsOf('start'));
    this.#registerExternal(external);
    this.#provideCommands();
    await using _server = await this.#listen();
    this.#logStart();
    if (this.#running.signal.aborted) return this.#neverStart();
    const starting = this.#start();
    await aborted(this.#running.signal);
    return await this.#shutDown(starting);
  }

  /** Stops the agent in order. A second call cuts the waiting short: whatever still runs is killed. */
  stop(cause: string): void {
    if (!this.#running.signal.aborted) {
      this.#options.log.info({ cause }, `stopping: ${cause}`);
      this.#running.abort(new Error(`the agent stops: ${cause}`));
      return;
    }
    this.#options.log.warn({ cause }, `stopping at once: ${cause} again`);
    this.#runner.hurry();
    this.#stopping.abort(new Error(`the agent stops at once: ${cause} again`));
  }

  async #listen(): Promise<SyncServer> {
    const { version, socket, log } = this.#options;
    return await SyncServer.listen(this.#units, {
      path: socket.path,
      identity: { version, boot: this.#boot, startedAt: this.#startedAt },
      state: () => this.#lifecycle.state,
      ownership: this.#runner.ownership,
      startup: {
        ended: this.#startup.promise,
        pending: () => this.#startingUnits(),
        failed: () => this.#startFailures.list(),
      },
      expectedMs: (unit) => this.#runTimes.expectedMs(unit),
      runLogs: (unit) => this.#runner.logsOf(unit),
      logger: log,
    });
  }

  #startingUnits(): string[] {
    return this.#runner.unitsOf('start').filter((unit) => this.#units.find(unit)?.status !== 'completed');
  }

  #takeReport(report: RunReport): void {
    this.#unitLog.report(report);
    if (report.stage !== 'start') return;
    this.#startOutcomes.push(report.outcome);
    this.#startFailures.take(report);
  }

  /** So that they are listed and can be completed from the beginning, even if no script waits for them. */
  #registerExternal(external: readonly string[]): void {
    for (const unit of new Set(external)) this.#units.register(unit);
  }

  #provideCommands(): void {
    const { log } = this.#options;
    const command = writeMusterCommand(this.#runner.binDir);
    if (command.kind === 'missing') {
      const message =
        'scripts have no command "muster": @muster/sync-cli is missing or not built. Install or build it, then restart.';
      log.warn({ reason: command.reason }, message);
    }
    const dropIns = writeDropInCommands(this.#runner.binDir);
    if (dropIns.kind === 'missing') {
      const message =
        'scripts for "coder exp sync" and "gp sync-await" will not work: the stand-ins could not be written';
      log.warn({ reason: dropIns.reason }, message);
    }
  }

  #logStart(): void {
    const { version, socket, stateDir, log, manifest } = this.#options;
    const facts = {
      version,
      pid: process.pid,
      socket: socket.path,
      socketFrom: socket.source,
      stateDir,
      boot: this.#boot,
      fdLimit: fileDescriptorLimit(),
      node: process.version,
      manifest: manifest.file,
      scripts: manifest.scripts.length,
    };
    log.info(facts, `muster-agent ${version} (pid ${process.pid}) listens on ${socket.path}`);
  }

  async #start(): Promise<void> {
    this.#lifecycle.advance('starting');
    releaseMemoryAfter(this.#startup.promise, this.#options.log);
    const completed = untilCompleted(this.#units, this.#runner.unitsOf('start'), this.#running.signal);
    const ended = this.#runner.execute('start', { signal: this.#running.signal });
    // Not after the start scripts: one that hangs must not keep the others from running on time.
    this.#runner.startSchedule();
    // A service never ends: its script says that it is up by completing its unit, and goes on.
    const outcomes = await Promise.race([completed, ended.then(() => [])]);
    if (!this.#running.signal.aborted) this.#announce(stageResult([...outcomes, ...this.#startOutcomes]));
    await ended;
  }

  #announce(result: StageResult): void {
    this.#lifecycle.advance(({ ok: 'ready', error: 'start_error', timeout: 'start_timeout' } as const)[result]);
    this.#showTable('started');
    this.#runTimes.save();
    this.#startup.resolve();
  }

  /** Told to stop while it was loading. Nothing has run, so there is nothing that stop scripts could undo. */
  #neverStart(): ExitCode {
    this.#lifecycle.advance('shutting_down');
    this.#lifecycle.advance('off');
    return EXIT.ok;
  }

  async #shutDown(starting: Promise<void>): Promise<ExitCode> {
    this.#lifecycle.advance('shutting_down');
    await this.#runner.stopSchedule();
    await starting;
    const result = await this.#runStopScripts();
    // Background processes that the scripts left behind: stop scripts may have needed them.
    await this.#runner[Symbol.asyncDispose]();
    this.#lifecycle.advance(({ ok: 'off', error: 'shutdown_error', timeout: 'shutdown_timeout' } as const)[result]);
    this.#showTable('stopped');
    return { ok: EXIT.ok, error: EXIT.stopFailed, timeout: EXIT.stopTimedOut }[result];
  }

  async #runStopScripts(): Promise<StageResult> {
    const { stopTimeoutMs, log } = this.#options;
    let late = false;
    const end = () => {
      late = true;
      log.warn({ stopTimeoutMs }, 'the stop scripts have had their time: those that still run are ended');
      this.#stopping.abort(new Error('the stop scripts took too long'));
    };
    const timer = stopTimeoutMs > 0 ? setTimeout(end, stopTimeoutMs) : undefined;
    try {
      const reports = await this.#runner.execute('stop', { signal: this.#stopping.signal });
      const result = stageResult(reports.map(({ outcome }) => outcome));
      return late && result !== 'ok' ? 'timeout' : result;
    } finally {
      clearTimeout(timer);
    }
  }

  #showTable(stage: 'started' | 'stopped'): void {
    this.#options.onTable(this.#unitLog.table(Date.now()), stage);
  }
}

/** Where the agent is, for people. */
const WORDS: Readonly<Record<LifecycleState, string>> = {
  created: 'the agent is made',
  starting: 'starting',
  ready: 'ready: every start script succeeded',
  start_error: 'started, but not every start script succeeded',
  start_timeout: 'started, but start scripts timed out',
  shutting_down: 'shutting down',
  off: 'off',
  shutdown_error: 'off, but not every stop script succeeded',
  shutdown_timeout: 'off, but the stop scripts took too long',
};

/** The runner tells of every run that ended; the log of the units says the same in better words. */
function forRunner(log: AgentLog): Logger {
  return {
    debug: (facts, message) => log.debug(facts, message),
    info: (facts, message) => log.debug(facts, message),
    warn: (facts, message) => log.warn(facts, message),
    error: (facts, message) => log.error(facts, message),
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}
