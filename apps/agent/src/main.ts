import { AgentError } from './agent-error.ts';
import { parseCommandLine, type Request } from './command/command-line.ts';
import { helpText } from './command/help.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { harmless } from './harmless.ts';
import { OutputError, print } from './process/print.ts';
import type { StopSignals } from './process/stop-signals.ts';
import { agentVersion } from './version.ts';

/** Does what the command line asks for. @returns the exit code of the process. */
export async function main(args: readonly string[], signals: StopSignals): Promise<ExitCode> {
  try {
    refuseWindows();
    return await perform(parseCommandLine(args), signals);
  } catch (error) {
    signals.release();
    return await refusal(error);
  }
}

async function refusal(error: unknown): Promise<ExitCode> {
  if (!(error instanceof AgentError || error instanceof OutputError)) throw error;
  const sentences = error instanceof AgentError ? [error.message, error.hint] : [error.message];
  try {
    await print(`muster-agent: ${sentences.map(harmless).join('\n')}\n`, 'stderr');
  } catch {
    // There is no other place to say it; the exit code still tells.
  }
  return error instanceof AgentError ? error.exitCode : EXIT.output;
}

async function perform(request: Request, signals: StopSignals): Promise<ExitCode> {
  // Only an agent has something to stop. Whoever waits for a slow reader is ended by a signal, as any program is.
  if (request.command !== 'run') signals.release();
  switch (request.command) {
    case 'help':
      return await printed(helpText());
    case 'version':
      return await printed(`${agentVersion()}\n`);
    // Each command loads only what it needs: reading a manifest takes libraries, and running one takes many more.
    case 'schema': {
      const { manifestJsonSchema } = await import('./manifest/json-schema.ts');
      return await printed(manifestJsonSchema());
    }
    case 'check': {
      const { check } = await import('./command/check.ts');
      return await check(request);
    }
    case 'run': {
      const { run } = await import('./command/run.ts');
      return await run(request, signals);
    }
    default:
      return request satisfies never;
  }
}

async function printed(text: string): Promise<ExitCode> {
  await print(text);
  return EXIT.ok;
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  const hint = 'It needs unix sockets and process groups. Run it in WSL or in a container.';
  throw new AgentError('unsupported_platform', 'muster-agent does not run on Windows yet', hint);
}
