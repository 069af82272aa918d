import type { Params, Result } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import { listNames, quote } from '../render/names.ts';
import { describeUnmet } from '../render/sentences.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand } from './command.ts';
import { DEPENDENCY_OPTIONS, namedDependencies } from './dependency-options.ts';

type Requirement = NonNullable<Params<'sync.want'>['requires']>;

const REQUIREMENTS = ['started', 'completed', 'succeeded'] as const satisfies readonly Requirement[];

/** `muster want`. */
export const want = defineCommand({
  name: 'want',
  summary: 'Declare what a unit depends on',
  usage: ['want UNIT [DEP…]', 'want --self [DEP…]'],
  details: [
    'All of the dependencies are declared, or none if one is refused. Declaring one again changes nothing, except that',
    'another --requires replaces the earlier one. A dependency need not exist yet.',
  ],
  options: {
    requires: {
      value: 'WHAT',
      choices: REQUIREMENTS,
      summary: 'What each DEP must have reached: started, completed or succeeded; default completed',
    },
    ...DEPENDENCY_OPTIONS,
    self: { summary: 'The unit is MUSTER_UNIT, the script that this runs in; every name is a dependency' },
    timeout: ANSWER_TIMEOUT,
    ...AGENT_OPTIONS,
  },
  examples: [
    { line: 'muster want api db cache', note: 'api waits until db and cache have completed' },
    { line: 'muster want api db --requires succeeded', note: 'api never starts if db fails' },
    { line: 'muster want api --needs db --after seed', note: 'both in one step' },
    { line: 'muster want --self db', note: 'inside a script of the agent' },
  ],
  completes: 'units',
  async run({ names, options, io }) {
    const { unit, dependsOn } = readNames(names, options.self, io.env.MUSTER_UNIT);
    const wanted = readDependencies(dependsOn, options);
    if (wanted === null) throw CliError.missingDependencies(io.env.MUSTER_UNIT ? unit : undefined);
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const result = await agent.call('sync.want', { unit, ...wanted });
      const answer = new Answer(io, options);
      answer.print(result, { text: () => describe(result, wanted) });
      if (options.json || options.quiet) return;
      for (const note of await slips(agent, result)) answer.note(note);
    });
  },
});

type Wanted = Omit<Params<'sync.want'>, 'unit'>;

function readNames(names: readonly string[], self: boolean, current: string | undefined) {
  if (self && !current) throw CliError.missingSelf();
  const [unit, ...dependsOn] = self && current ? [current, ...names] : names;
  if (unit === undefined) throw CliError.missingDependencies(undefined);
  return { unit, dependsOn };
}

interface DependencyOptions {
  readonly requires: string | undefined;
  readonly needs: readonly string[];
  readonly after: readonly string[];
}

/** @returns `null` where no dependency is named. */
function readDependencies(dependsOn: readonly string[], options: DependencyOptions): Wanted | null {
  const requires = (options.requires ?? 'completed') as Requirement; // One of the choices: parseArguments has checked it.
  const named = namedDependencies(options);
  const both = dependsOn.find((unit) => options.needs.includes(unit) || options.after.includes(unit));
  if (both !== undefined) throw CliError.twiceNamed(both);
  if (dependsOn.length > 0) return { dependsOn: [...dependsOn], requires, ...named };
  return named.needs === undefined && named.after === undefined ? null : named;
}

function describe(result: Result<'sync.want'>, wanted: Wanted): string {
  const declared = `Unit ${quote(result.unit)} depends on ${describeWanted(wanted)}.`;
  if (result.ready) return `${declared} All of its dependencies are satisfied.\n`;
  const unmet = result.dependencies.filter(({ satisfied }) => !satisfied);
  return `${declared} It waits for ${describeUnmet(unmet)}.\n`;
}

/** Of dependencies that nobody has registered, those whose names look like registered ones. Most name what comes later. */
async function slips(agent: Agent, { unit, dependencies }: Result<'sync.want'>): Promise<string[]> {
  const unregistered = dependencies.filter(({ status }) => status === null).map(({ dependsOn }) => dependsOn);
  if (unregistered.length === 0) return [];
  const { blockers } = await agent.call('sync.why', { unit });
  // What the unit depends on already was not meant once more, and itself never.
  const isInUse = new Set([unit, ...dependencies.map(({ dependsOn }) => dependsOn)]);
  return blockers
    .map((blocker) => ({ ...blocker, nearest: blocker.nearest.filter((name) => !isInUse.has(name)) }))
    .filter(({ unit: name, nearest }) => nearest.length > 0 && unregistered.includes(name))
    .map(({ unit: name, nearest }) => `Nobody has registered ${quote(name)}: did you mean ${listNames(nearest)}?`);
}

function describeWanted({ dependsOn = [], requires, needs = [], after = [] }: Wanted): string {
  const groups = [
    { names: dependsOn, what: requires },
    { names: needs, what: 'succeeded' },
    { names: after, what: 'completed' },
  ];
  return groups
    .filter(({ names }) => names.length > 0)
    .map(({ names, what }) => `${listNames([...new Set(names)])} (needs ${what})`)
    .join(', on ');
}
