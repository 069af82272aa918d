import { RpcError } from '@muster/socket/client';
import type { UnitInfo } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { authority } from '../authority.ts';
import { ANSWER_TIMEOUT_MS } from '../commands/agent-options.ts';
import { CliError } from '../errors.ts';
import { type FoundUnit, findUnit } from '../find-unit.ts';
import type { Io } from '../io.ts';
import { ownUnitNote } from '../own-wait.ts';
import { reportOf } from '../render/error.ts';
import { quote, visible } from '../render/names.ts';
import { describeEnding, reached } from '../render/sentences.ts';
import { explainByVersion } from '../version-handshake.ts';
import { waiter } from '../waiter.ts';
import type { DropInExitCode } from './drop-in.ts';
import { readArguments } from './read-arguments.ts';

/** `gp sync-done` and `gp sync-await`. Never rejects. */
export async function gp(argv: readonly string[], io: Io): Promise<DropInExitCode> {
  try {
    const { values, positionals } = readArguments('gp', argv, { help: { type: 'boolean', short: 'h' } });
    if (values.help || positionals.length === 0) {
      io.stdout.write(HELP);
      return 0;
    }
    return await run(positionals, io);
  } catch (error) {
    const { message, hint } = reportOf(await explainByVersion(error, { socket: undefined, io }), {
      socket: undefined,
      env: io.env,
    });
    io.stderr.write(`Error: ${visible(message)}\n${hint === null ? '' : `hint: ${visible(hint)}\n`}`);
    return 1;
  }
}

const HELP = `  gp sync-done <name>
      Report that something has happened
  gp sync-await <name>
      Wait until it has, for as long as it takes

This is a front end of Muster: a name is that of a unit. Its own command can do more: see "muster --help".
`;

/** How long each command may take, in milliseconds; 0 is for ever. */
const LIMITS_MS: Readonly<Record<string, number>> = { 'sync-done': ANSWER_TIMEOUT_MS, 'sync-await': 0 };

async function run([command = '', name, ...extra]: readonly string[], io: Io): Promise<DropInExitCode> {
  const defaultMs = Object.hasOwn(LIMITS_MS, command) ? LIMITS_MS[command] : undefined;
  if (defaultMs === undefined) throw CliError.dropInUsage('gp', `unknown command ${quote(command)} for "gp"`);
  if (name === undefined || extra.length > 0)
    throw CliError.dropInUsage(`gp ${command}`, 'exactly one name is required');
  const options = { socket: undefined, timeout: undefined, 'connect-timeout': undefined };
  let exitCode: DropInExitCode = 0;
  await Agent.use({ options, io, defaultMs }, async (agent) => {
    if (command === 'sync-done') await syncDone(agent, name, io);
    else exitCode = await syncAwait(agent, name, io);
  });
  return exitCode;
}

/** Whoever says that it is done is right: over a run that failed, this is a new one that succeeds. */
async function syncDone(agent: Agent, unit: string, io: Io): Promise<void> {
  const right = authority(false, io.env);
  const found = await findUnit(agent, unit);
  if (found.kind === 'unknown' || hasFailed(found.info))
    await agent.call('sync.start', { unit, wait: false, ...right });
  await agent.call('sync.complete', { unit, ...right });
}

async function syncAwait(agent: Agent, unit: string, io: Io): Promise<DropInExitCode> {
  const found = await findUnit(agent, unit);
  const isOver = found.kind === 'known' && (found.info.outcome === 'succeeded' || hasFailed(found.info));
  if (!isOver) io.stderr.write(`gp: waiting for ${quote(unit)}${describe(found)}\n`);
  const ownNote = found.kind === 'known' ? ownUnitNote(found.info, io.env) : null;
  if (ownNote !== null) io.stderr.write(`gp: ${ownNote}\n`);
  if (await succeeds(agent, unit, io)) {
    io.stdout.write(`${visible(unit)} done\n`);
    return 0;
  }
  const info = await agent.call('sync.status', { unit });
  const ending = describeEnding({ ...info, outcome: info.outcome ?? 'failed' });
  io.stderr.write(`Error: ${quote(unit)} ${ending}, so it will not be done.\n`);
  io.stderr.write(
    `hint: See more with ${quote(`muster status ${unit}`)}; ${quote(`gp sync-done ${unit}`)} overrules it.\n`,
  );
  return 1;
}

/** Waits for a run that succeeds. @returns false as soon as the latest one ended otherwise. */
async function succeeds(agent: Agent, unit: string, io: Io): Promise<boolean> {
  const who = waiter('gp sync-await', io.env);
  try {
    await agent.callWithin('sync.wait', { units: [unit], for: 'succeeded', late: true, ...who });
    return true;
  } catch (error) {
    if (error instanceof RpcError && error.code === 'impossible') return false;
    throw error;
  }
}

/** Whether the latest run ended without success, and no other one is under way. */
function hasFailed({ status, outcome }: Pick<UnitInfo, 'status' | 'outcome'>): boolean {
  return status === 'completed' && outcome !== 'succeeded';
}

function describe(found: FoundUnit): string {
  if (found.kind === 'known') return ` (${reached(found.info)})`;
  const [best] = found.nearest;
  return `, which nobody has mentioned yet${best === undefined ? '' : `; did you mean ${quote(best)}?`}`;
}
