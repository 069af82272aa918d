#!/usr/bin/env node
import { runCli } from './cli.ts';
import { CliError } from './errors.ts';
import { EXIT_CODE_OF } from './exit-codes.ts';
import type { Io } from './io.ts';
import { ProcessOutput } from './process-output.ts';
import { processTerminal } from './terminal.ts';

// SIGINT and SIGTERM keep their default: the process ends at once, the shell sees 130 or 143, and a script that was
// interrupted stops, which bash only does if its child was ended by the signal. The agent gives up the wait when the
// connection ends.

const onFailed = (error: Error): void => fail(CliError.outputFailed(error.message));
const stdout = new ProcessOutput({ fd: 1, open: () => process.stdout, onFailed });
const stderr = new ProcessOutput({ fd: 2, open: () => process.stderr, onFailed });

if (process.platform === 'win32') fail(CliError.unsupportedPlatform(process.platform));
else void run();

// Without an await at the top level, which a CommonJS bundle can't have.
async function run(): Promise<void> {
  const io: Io = {
    env: process.env,
    stdout,
    stderr,
    ...(stdout.isTTY && { terminal: processTerminal(() => stdout.stream) }),
  };
  const exitCode = await runCli(process.argv.slice(2), io);
  // Output that failed has set its own code.
  process.exitCode ??= exitCode;
  // What is still queued for a pipe would be lost. Otherwise nothing is left to do, and to find that out takes Node a while.
  if (stdout.isSettled && stderr.isSettled) process.exit();
}

function fail(error: CliError): void {
  process.exitCode = EXIT_CODE_OF[error.code];
  stderr.write(`error: ${error.message}\nhint: ${error.hint}\n`);
}
