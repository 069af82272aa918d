#!/usr/bin/env node
import { runCli } from './cli.ts';
import { CliError } from './errors.ts';
import { EXIT_CODE_OF } from './exit-codes.ts';
import type { Io, Output } from './io.ts';
import { processTerminal } from './terminal.ts';

// SIGINT and SIGTERM keep their default: the process ends at once, the shell sees 130 or 143, and a script that was
// interrupted stops, which bash only does if its child was ended by the signal. The agent gives up the wait when the
// connection ends.

if (process.platform === 'win32') fail(CliError.unsupportedPlatform(process.platform));
else void run();

// Without an await at the top level, which a CommonJS bundle can't have.
async function run(): Promise<void> {
  watchOutput(process.stdout);
  watchOutput(process.stderr);
  const { env, stdout, stderr } = process;
  const streams = { stdout: output(stdout), stderr: output(stderr) };
  const io: Io = { env, ...streams, ...(stdout.isTTY && { terminal: processTerminal(stdout) }) };
  const exitCode = await runCli(process.argv.slice(2), io);
  // Not process.exit: what is still queued for a pipe would be lost. Output that failed has set its own code.
  process.exitCode ??= exitCode;
}

function output(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY === true,
    write: (text) => void stream.write(text),
    onBroken: (listener) => void stream.once('error', listener),
  };
}

/** A reader that has seen enough, as in `muster list | head -1`, is no trouble; a full disk is. */
function watchOutput(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') fail(CliError.outputFailed(error.message));
  });
}

function fail(error: CliError): void {
  process.exitCode = EXIT_CODE_OF[error.code];
  if (process.stderr.writable) process.stderr.write(`error: ${error.message}\nhint: ${error.hint}\n`);
}
