import { resolveSocketPath, SocketError, type SocketErrorCode } from '@muster/socket/server';
import { Agent } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { harmless } from '../harmless.ts';
import { type AgentLog, openLog } from '../log/agent-log.ts';
import { BoundedOutput } from '../log/bounded-output.ts';
import { parseManifest } from '../manifest/manifest.ts';
import { ManifestError } from '../manifest/manifest-error.ts';
import { readManifestFile } from '../manifest/read-file.ts';
import { keepYoungGenerationSmall, optimizeNothingYet } from '../process/release-memory.ts';
import type { StopSignals } from '../process/stop-signals.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { prepareStateDirectory, stateDirectory } from '../state-directory.ts';
import { agentVersion } from '../version.ts';
import type { RunRequest } from './command-line.ts';

/** Where the words of the agent go. Everything of `run` is on standard error. */
interface Output {
  readonly stderr: BoundedOutput;
  readonly log: AgentLog;
  /** Whether people read along. */
  readonly pretty: boolean;
}

/** How long the last lines may take to be read, in milliseconds. */
const FLUSH_MS = 1000;

/** From so many characters on, optimized code reads a manifest sooner: one of 1,000 scripts by 50 ms. */
const LONG_MANIFEST = 32 * 1024;

/** `muster-agent run`: lives until it is told to stop. */
export async function run(request: RunRequest, signals: StopSignals): Promise<ExitCode> {
  const pretty = (request.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json')) === 'pretty';
  const stderr = new BoundedOutput(process.stderr);
  const log = await openLog(stderr, {
    format: pretty ? 'pretty' : 'json',
    level: request.logLevel,
    color: pretty && process.stderr.hasColors?.() === true,
  });
  const output = { stderr, log, pretty };
  try {
    return await runAgent(request, output, signals);
  } catch (error) {
    return refusal(error, output);
  } finally {
    await stderr.flush(FLUSH_MS);
  }
}

async function runAgent(request: RunRequest, output: Output, signals: StopSignals): Promise<ExitCode> {
  const text = readManifestFile(request.file);
  if (text.length < LONG_MANIFEST) optimizeNothingYet();
  const manifest = parseManifest(request.file, text);
  optimizeNothingYet();
  keepYoungGenerationSmall(); // Not before: reading makes much that is gone at once.
  const socket = resolveSocketPath({ flag: request.socket, env: process.env });
  const stateDir = stateDirectory({ flag: request.stateDir, env: process.env, socketPath: socket.path });
  prepareStateDirectory(stateDir);
  const agent = new Agent({
    manifest,
    socket,
    stateDir,
    stopTimeoutMs: request.stopTimeoutMs,
    log: output.log,
    version: agentVersion(),
    env: process.env,
    onTable: (table, stage) => {
      if (output.pretty) output.stderr.write(`\n${table}\n${stage === 'started' ? reachHint(socket) : ''}`);
    },
  });
  signals.listen((signal) => agent.stop(signal));
  return await agent.run();
}

function reachHint({ path, source }: { path: string; source: string }): string {
  // From another terminal, only a default path is found without being told.
  const option = source === 'flag' || source === 'env' ? ` --socket ${harmless(shellQuoted(path))}` : '';
  return `\nIn a second terminal: muster list${option}\nCtrl+C stops the agent.\n\n`;
}

/** Says why nothing runs. Errors that nobody foresaw are thrown on. */
function refusal(error: unknown, { stderr, log, pretty }: Output): ExitCode {
  if (error instanceof ManifestError) {
    if (pretty) stderr.write(`${error.render()}\n`);
    // Without source lines: what stands in the file is not for logs.
    else
      log.error(
        { code: error.code, problems: error.problems.map(({ source: _, ...problem }) => problem) },
        'the manifest is refused',
      );
    return EXIT.badManifest;
  }
  if (!(error instanceof AgentError || error instanceof SocketError)) throw error;
  log.error(
    { code: error.code, hint: error.hint, ...(error instanceof SocketError ? error.facts : {}) },
    pretty ? `${error.message} ${error.hint}` : error.message,
  );
  return error instanceof AgentError ? error.exitCode : SOCKET_EXIT_CODES[error.code];
}

const SOCKET_EXIT_CODES: Readonly<Record<SocketErrorCode, ExitCode>> = {
  path_invalid: EXIT.usage,
  path_too_long: EXIT.usage,
  directory_insecure: EXIT.cantCreate,
  directory_unwritable: EXIT.cantCreate,
  not_a_socket: EXIT.cantCreate,
  in_use: EXIT.inUse,
  listen_failed: EXIT.cantCreate,
};
