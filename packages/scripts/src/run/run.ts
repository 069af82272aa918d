import { dirname, join } from 'node:path';
import type { Outcome } from '@muster/unit';
import { ensurePrivateDirectory } from '../files/private-directory.ts';
import type { ScriptPaths } from '../files/state-directory.ts';
import type { LogFeed } from '../log/log-feed.ts';
import { type LogPaths, linkLatest, logPaths } from '../log/log-paths.ts';
import { RunOutput } from '../log/run-output.ts';
import type { RunStart } from '../report.ts';
import type { ResolvedOptions } from '../runner-options.ts';
import type { Script } from '../script.ts';
import type { SupervisorPool } from '../supervisor/supervisor-pool.ts';
import type { Command } from './command.ts';
import { type EndOfRun, withoutProcess } from './end-of-run.ts';
import { scriptEnvironment } from './environment.ts';
import { scriptCommand, workingDirectory } from './executable.ts';
import { errorCode, PreparationFailure } from './failure-reason.ts';
import { createRunDirectory } from './run-directory.ts';
import { runProcess } from './run-process.ts';

/** Everything that one run needs. */
export interface RunContext {
  readonly script: Script;
  readonly start: RunStart;
  /** By which the script may report its unit; `null`: it has none. */
  readonly token: string | null;
  /** Is told how the run will end as soon as it is being stopped. */
  readonly onStop: (ending: Outcome) => void;
  readonly paths: ScriptPaths;
  readonly options: ResolvedOptions;
  readonly feed: LogFeed;
  /** Loaded with the first run: most who import this package only plan, or have not come that far yet. */
  readonly supervisors: () => Promise<SupervisorPool>;
  /** Cancels the run. */
  readonly signal: AbortSignal;
  /** Ends the grace of a run that is being stopped. */
  readonly hurry: AbortSignal;
}

/** How a run ended and where its output is. */
export interface FinishedRun {
  readonly end: EndOfRun;
  /** `null` when no log was opened. */
  readonly log: Pick<LogPaths, 'path' | 'errorPath'> | null;
}

/**
 * One run of a script that may start: prepare → spawn → exit → drain → outcome. Never rejects: whatever goes wrong on the way
 * is an outcome.
 */
export async function runScript(context: RunContext): Promise<FinishedRun> {
  const log = logPaths(context.script, context.paths.logs, context.start.runId);
  let opened: LogPaths | null = null;
  try {
    prepareDirectories(context, log);
    await using output = openOutput(context, log);
    opened = log;
    if (log.perRun) linkBestEffort(context, log.path);
    const command = prepareCommand(context, output, log);
    const supervisors = await context.supervisors();
    const { signal, hurry, onStop } = context;
    const { clock, graceMs } = context.options;
    const limits = { clock, graceMs, timeoutMs: context.script.timeoutMs ?? 0, signal, hurry, onStop };
    const start = () => {
      const child = supervisors.start(command);
      void child.group.then(() => output.handOver());
      return child;
    };
    return { end: await runProcess(start, context.start.runId, limits), log };
  } catch (error) {
    return { end: failedBeforeSpawn(error), log: opened };
  }
}

function failedBeforeSpawn(error: unknown): EndOfRun {
  const reason = error instanceof PreparationFailure ? error.message : `cannot prepare the run (${errorCode(error)})`;
  return withoutProcess('failed', reason);
}

function prepareDirectories({ paths }: RunContext, log: LogPaths): void {
  const own = [paths.runs, paths.data, ...(log.perRun ? [paths.logs] : [])];
  for (const directory of [...own.map((path) => dirname(path)), ...own, paths.bin]) ensurePrivateDirectory(directory);
}

function openOutput({ options, feed, start }: RunContext, log: LogPaths): RunOutput {
  const { script, unit, run, runId } = start;
  return new RunOutput({
    path: log.path,
    errorPath: log.errorPath,
    perRun: log.perRun,
    bytesPerRun: options.retention.bytesPerRun,
    clock: options.clock,
    logger: options.logger,
    feed: options.hasSink ? feed : null,
    about: { script, unit, run, runId },
  });
}

function linkBestEffort({ options, start }: RunContext, path: string): void {
  try {
    linkLatest(path);
  } catch (error) {
    options.logger.debug({ runId: start.runId, code: errorCode(error) }, 'cannot update the link to the latest log');
  }
}

function prepareCommand(context: RunContext, output: RunOutput, log: LogPaths): Command {
  const { script, start, paths, options } = context;
  const cwd = workingDirectory(script.cwd);
  const runDirectory = join(paths.runs, start.runId);
  const file = createRunDirectory(runDirectory, script.script, {
    ...start,
    logPath: log.path,
    errorLogPath: log.errorPath,
    timeoutMs: script.timeoutMs ?? null,
  });
  const { unit, run, runId } = start;
  const { env: base, socketPath } = options;
  const own = script.env ?? {};
  const env = scriptEnvironment({
    base,
    own,
    socketPath,
    unit,
    run,
    runId,
    token: context.token,
    dataDir: paths.data,
    binDir: paths.bin,
  });
  const shell = script.shell ?? options.shell;
  const argv = scriptCommand({ text: script.script, file, shell }, { cwd, path: env.PATH ?? '' });
  return { runDirectory, argv, cwd, env, out: output.out, err: output.err };
}
