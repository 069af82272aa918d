import { forwardSignals } from './forward-signals.ts';

/** How a command ended, or why it never began. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | {
      readonly kind: 'killed';
      readonly signal: NodeJS.Signals;
      /** 128 plus the number of the signal, as shells have it. */
      readonly exitCode: number;
      /** Whether we got that signal too. */
      readonly isShared: boolean;
    }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'not_executable'; readonly reason: string };

/**
 * Runs a command with our own input, output and working directory, in our own process group, and waits for its end.
 * Signals that come to us meanwhile are passed on and don't end us: see {@link forwardSignals}.
 */
export async function runCommand(words: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandEnd> {
  const [{ spawn }, { constants }] = await Promise.all([import('node:child_process'), import('node:os')]);
  const [file = '', ...argv] = words;
  if (file === '') return { kind: 'not_found' }; // spawn throws for it.
  const { promise, resolve } = Promise.withResolvers<CommandEnd>();
  // Before the command is there, so that no signal ends us once it is.
  using signals = forwardSignals((signal) => void child.kill(signal));
  const child = spawn(file, argv, { stdio: 'inherit', env });
  child.on('error', (error: NodeJS.ErrnoException) => {
    // Once it runs, the only error is that of a signal that came too late.
    if (child.pid === undefined) resolve(refusal(error));
  });
  child.on('exit', (code, signal) => {
    if (signal === null) resolve({ kind: 'exited', exitCode: code ?? 0 });
    else {
      const exitCode = 128 + constants.signals[signal];
      resolve({ kind: 'killed', signal, exitCode, isShared: signals.received.has(signal) });
    }
  });
  return await promise;
}

function refusal({ code = 'unknown error' }: NodeJS.ErrnoException): CommandEnd {
  return code === 'ENOENT' ? { kind: 'not_found' } : { kind: 'not_executable', reason: code };
}
