import { writeSync } from 'node:fs';
import { EXIT } from '../exit-codes.ts';

/**
 * What must hold from the first instant: files are private, the inspector stays closed, a reader of the output that has
 * gone away is no accident, and an error that nobody expected ends the process with one line.
 */
export function guardProcess(): void {
  process.umask(0o077);
  // Without a listener, Node would open the inspector on 127.0.0.1, where every local user can take over the process.
  process.on('SIGUSR1', () => undefined);
  // EPIPE and EIO: there is no other place to say it.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) => exitWith(error));
}

/** Writes one line, at once, in the shape of the JSON log, and exits with 70. Unhandled rejections come here too. */
function exitWith(error: unknown): never {
  const facts =
    error instanceof Error
      ? { type: error.name, message: error.message, stack: error.stack }
      : { message: String(error) };
  const msg = 'internal error: the agent exits, scripts that run go on. Please report this line.';
  try {
    writeSync(2, `${JSON.stringify({ level: 60, time: new Date().toISOString(), err: facts, msg })}\n`);
  } catch {
    // Standard error is gone; the exit code still tells.
  }
  process.exit(EXIT.internal);
}
