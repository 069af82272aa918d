import { basename } from 'node:path';
import type { LockInfo } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { formatDuration } from '../duration.ts';
import { CliError } from '../errors.ts';
import type { Io } from '../io.ts';
import { describeClaims } from '../render/lock-text.ts';
import { quote } from '../render/names.ts';
import { waiter } from '../waiter.ts';
import { shownWord } from '../wrapped/command-word.ts';
import { wrappedEnvironment } from '../wrapped/environment.ts';
import { exitAs } from '../wrapped/exit.ts';
import { type CommandEnd, runCommand } from '../wrapped/run-command.ts';
import { watchForLoss } from '../wrapped/watch-for-loss.ts';
import { AGENT_OPTIONS } from './agent-options.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { START_TIMEOUT_MS } from './start.ts';

const MAX_LIMIT = 10_000;

const OPTIONS = {
  limit: { value: 'N', summary: 'How many may hold it at once, 1 to 10000; default 1' },
  timeout: { value: 'TIME', summary: 'Give up waiting after this time, as in 30s or 1h30m; 0 = never; default 5m' },
  ...AGENT_OPTIONS,
} as const;

/** `muster lock`. */
export const lock = defineCommand({
  name: 'lock',
  summary: 'Run a command while holding a lock of the workspace',
  usage: ['lock NAME [OPTIONS] -- COMMAND…'],
  details: [
    'Whoever wants the same NAME waits in line. The lock is released when this command ends, by whatever means. "muster why"',
    'shows who holds it and who waits: the name of COMMAND and the pid, never its arguments. COMMAND has the input, output',
    'and signals of this command, whose exit code is that of COMMAND, as with "muster run".',
  ],
  options: OPTIONS,
  examples: [
    { line: 'muster lock apt -- apt-get install -y jq', note: 'one at a time' },
    { line: 'muster lock cpu --limit 2 -- make', note: 'two at a time' },
    { line: 'muster lock apt --timeout 10s -- true', note: 'wait until it is free' },
  ],
  completes: 'one lock',
  wraps: true,
  async run({ names, wrapped, options, io }) {
    const [name, ...extra] = names;
    if (name === undefined) throw CliError.missingName('lock', 'lock NAME -- COMMAND…');
    if (extra.length > 0) throw CliError.tooManyArguments('lock', extra, 'lock NAME -- COMMAND…');
    const limit = readLimit(options.limit);
    let end: CommandEnd | null = null;
    await Agent.use({ options, io, defaultMs: START_TIMEOUT_MS }, async (agent) => {
      end = await runLocked(agent, { name, limit, wrapped, options, io });
    });
    return exitAs(end ?? { kind: 'not_found' }, wrapped);
  },
});

interface Work {
  readonly name: string;
  readonly limit: number | undefined;
  readonly wrapped: readonly string[];
  readonly options: OptionValues<typeof OPTIONS>;
  readonly io: Io;
}

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (/^\d{1,5}$/.test(text) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw CliError.invalidNumber('--limit', text, `1 to ${MAX_LIMIT}`);
}

async function runLocked(agent: Agent, { name, limit, wrapped, options, io }: Work): Promise<CommandEnd> {
  const answer = new Answer(io, options);
  const who = waiter(basename(shownWord(wrapped[0] ?? '')).slice(0, 150), io.env);
  const granted = agent.callWithin('sync.lock', { name, ...who, ...(limit !== undefined && { limit }) });
  const [{ waitedMs }, wasInLine] = await Promise.all([granted, noteWait(agent, { name, label: who.label }, answer)]);
  if (wasInLine) answer.note(`Took the lock ${quote(name)} after waiting ${formatDuration(waitedMs)}.`);
  const { connection } = agent;
  const loss = watchForLoss(connection, () =>
    answer.warn(`the agent has gone away. The command goes on, but no longer holds the lock ${quote(name)}.`),
  );
  const end = await runCommand(wrapped, wrappedEnvironment(io.env, options.socket));
  loss.stop();
  // The end of the connection releases it.
  return end;
}

/** Says who is in front, if anybody is. The agent answers this after it has put the claim in line. @returns whether so. */
async function noteWait(
  agent: Agent,
  claim: { name: string; label: string | undefined },
  answer: Answer,
): Promise<boolean> {
  const { locks } = await agent.call('sync.why', {});
  const lock = locks.find(({ name }) => name === claim.name);
  if (lock === undefined || !lock.waiting.some(({ label }) => label === claim.label)) return false;
  answer.note(`Waits for the lock ${quote(claim.name)}, held by ${holders(lock)}.`);
  return true;
}

function holders(lock: LockInfo): string {
  return describeClaims(lock.holders, null);
}
