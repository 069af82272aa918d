import { AgentError } from './agent-error.ts';
import { parseCommandLine, type Request } from './command/command-line.ts';
import { helpText } from './command/help.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { harmless } from './harmless.ts';
import type { StopSignals } from './process/stop-signals.ts';
import { agentVersion } from './version.ts';

/** Does what the command line asks for. @returns the exit code of the process. */
export async function main(args: readonly string[], signals: StopSignals): Promise<ExitCode> {
  try {
    refuseWindows();
    return await perform(parseCommandLine(args), signals);
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    process.stderr.write(`muster-agent: ${harmless(error.message)}\n${harmless(error.hint)}\n`);
    return error.exitCode;
  }
}

async function perform(request: Request, signals: StopSignals): Promise<ExitCode> {
  switch (request.command) {
    case 'help':
      return print(helpText());
    case 'version':
      return print(`${agentVersion()}\n`);
    // Each command loads only what it needs: reading a manifest takes libraries, and running one takes many more.
    case 'schema': {
      const { manifestJsonSchema } = await import('./manifest/json-schema.ts');
      return print(manifestJsonSchema());
    }
    case 'check': {
      const { check } = await import('./command/check.ts');
      return check(request);
    }
    case 'run': {
      const { run } = await import('./command/run.ts');
      return await run(request, signals);
    }
    default:
      return request satisfies never;
  }
}

function print(text: string): ExitCode {
  process.stdout.write(text);
  return EXIT.ok;
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  const hint = 'It needs unix sockets and process groups. Run it in WSL or in a container.';
  throw new AgentError('unsupported_platform', 'muster-agent does not run on Windows yet', hint);
}
