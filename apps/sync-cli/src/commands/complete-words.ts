import { Agent } from '../agent.ts';
import { candidates } from '../completion/candidates.ts';
import { splitWords } from '../completion/split-words.ts';
import type { Io } from '../io.ts';
import { visible } from '../render/names.ts';
import { defineCommand } from './command.ts';

/** How long completion waits for names of units, in milliseconds: a person is waiting for the key to do something. */
const NAMES_TIMEOUT_MS = 1_000;

/** `muster __complete`, for the scripts of `muster completion`: prints what may stand where the last word is. */
export const completeWords = defineCommand({
  name: '__complete',
  summary: 'Print what may complete the last word',
  usage: ['__complete -- WORD…', '__complete --line TEXT'],
  options: { line: { value: 'TEXT', summary: 'The line so far, with its first word' } },
  examples: [],
  completes: [],
  hidden: true,
  async run({ names: given, options, io, commands }) {
    const words = options.line === undefined ? given : splitWords(options.line).slice(1);
    const found = await candidates({
      words,
      commands,
      unitNames: () => names(io, async (agent) => (await agent.call('sync.list', {})).units.map(({ unit }) => unit)),
      lockNames: () => names(io, async (agent) => (await agent.call('sync.why', {})).locks.map(({ name }) => name)),
    });
    // A name that a terminal would not show as it is can't be completed to what is shown.
    const harmless = found.filter((each) => visible(each) === each);
    io.stdout.write(harmless.map((each) => `${each}\n`).join(''));
  },
});

async function names(io: Io, ask: (agent: Agent) => Promise<string[]>): Promise<readonly string[]> {
  const options = { socket: undefined, timeout: undefined, 'connect-timeout': undefined };
  let found: readonly string[] = [];
  try {
    await Agent.use({ options, io, defaultMs: NAMES_TIMEOUT_MS }, async (agent) => {
      found = await ask(agent);
    });
  } catch {
    // Without an agent there are no names to offer, and an error has no place between two key strokes.
  }
  return found;
}
