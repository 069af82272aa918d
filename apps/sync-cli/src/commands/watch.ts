import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import { findUnit } from '../find-unit.ts';
import type { Io } from '../io.ts';
import { palette, wantsColor } from '../render/color.ts';
import { listNames, quote } from '../render/names.ts';
import { printJson } from '../watch/json-view.ts';
import { printLines } from '../watch/line-view.ts';
import { showLive } from '../watch/live-view.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand, type OptionValues } from './command.ts';

const OPTIONS = {
  plain: { summary: 'Print one line for each change, also on a terminal' },
  since: {
    value: 'SEQ',
    summary: 'Begin after the event of this number, with lines for what came since; 0 = the first',
  },
  timeout: {
    value: 'TIME',
    summary: 'Give up if the agent has not answered after this time; 0 = never; default 30s',
  },
  ...AGENT_OPTIONS,
} as const;

/** `muster watch`. */
export const watch = defineCommand({
  name: 'watch',
  summary: 'Follow the units: a live table, lines or JSON',
  usage: ['watch [UNIT…]'],
  details: [
    'On a terminal it is a table that changes in place, until Ctrl+C. Elsewhere, under CI and with --plain or --since it prints',
    'one line for each change, with --json one JSON object. With UNIT… it follows only these. It exits with 69 when the',
    'agent goes away.',
  ],
  options: OPTIONS,
  examples: [
    { line: 'muster watch', note: 'a live table of all units' },
    { line: 'muster watch api db --plain', note: 'a line for each change of the two' },
    { line: 'muster watch --since 0 | cat', note: 'what happened so far, and what follows' },
    { line: `muster watch --json | jq -r 'select(.type == "completed").unit'`, note: 'for programs' },
  ],
  completes: 'units',
  async run({ names, options, io }) {
    const since = readSince(options.since);
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const { closed } = agent.connection;
      const answer = new Answer(io, options);
      for (const note of await slips(agent, names)) answer.note(note);
      const isLeft = await follow(agent, { io, options, names: new Set(names), since }, closed);
      if (!isLeft) throw CliError.agentGone(agent.path);
    });
  },
});

/** What to say of names that nobody has mentioned: they are followed all the same. */
async function slips(agent: Agent, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.slice(0, 50).map(async (name) => ({ name, ...(await findUnit(agent, name)) })));
  return found.flatMap((each) => {
    if (each.kind === 'known') return [];
    const meant = each.nearest.length > 0 ? ` Did you mean ${listNames(each.nearest)}?` : '';
    return [`Nobody has mentioned ${quote(each.name)} yet.${meant}`];
  });
}

interface Following {
  readonly io: Io;
  readonly options: OptionValues<typeof OPTIONS>;
  readonly names: ReadonlySet<string>;
  readonly since: number | undefined;
}

/** @returns whether it ended for another reason than that the connection did. */
async function follow(agent: Agent, following: Following, closed: Promise<void>): Promise<boolean> {
  const { io, options } = following;
  // A reader that has seen enough ends it quietly.
  const left = Promise.withResolvers<true>();
  io.stdout.onBroken?.(() => left.resolve(true));
  const ended = Promise.race([left.promise, closed.then(() => false)]);
  if (options.json) await printJson(agent, following, ended);
  else if (io.terminal !== undefined && isLive(following)) {
    const choice = (options.color ?? 'auto') as 'auto'; // One of the choices: parseArguments has checked it.
    const colors = palette(wantsColor(choice, io.env, true));
    if (await showLive(agent, { ...following, terminal: io.terminal, colors }, ended)) return true;
  } else {
    const answer = new Answer(io, options);
    await printLines(agent, { ...following, note: (sentence) => answer.note(sentence) }, ended);
  }
  return ended;
}

/** Only where a person looks: a table that moves is noise in a log. */
function isLive({ io, options, since }: Following): boolean {
  const isCi = io.env.CI !== undefined && !['', '0', 'false'].includes(io.env.CI);
  return io.stdout.isTTY && io.env.TERM !== 'dumb' && !isCi && !options.plain && !options.quiet && since === undefined;
}

function readSince(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const since = Number(text);
  if (!/^\d{1,15}$/.test(text)) throw CliError.invalidNumber('--since', text, '0 up: the "seq" of an event');
  return since;
}
