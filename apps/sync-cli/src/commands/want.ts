import type { Params, Result } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import { listNames, quote } from '../render/names.ts';
import { describeUnmet } from '../render/sentences.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand } from './command.ts';

type Requirement = NonNullable<Params<'sync.want'>['requires']>;

const REQUIREMENTS = ['started', 'completed', 'succeeded'] as const satisfies readonly Requirement[];

/** `muster want`. */
export const want = defineCommand({
  name: 'want',
  summary: 'Declare what a unit depends on',
  usage: ['want UNIT DEP…', 'want --self DEP…'],
  details: [
    'All of the dependencies are declared, or none if one is refused. Declaring one again changes nothing, except that',
    'another --requires replaces the earlier one. A dependency need not exist yet.',
  ],
  options: {
    requires: {
      value: 'WHAT',
      choices: REQUIREMENTS,
      summary: 'What each must have reached: started, completed or succeeded; default completed',
    },
    self: { summary: 'The unit is MUSTER_UNIT, the script that this runs in; every name is a dependency' },
    timeout: ANSWER_TIMEOUT,
    ...AGENT_OPTIONS,
  },
  examples: [
    { line: 'muster want api db cache', note: 'api waits until db and cache have completed' },
    { line: 'muster want api db --requires succeeded', note: 'api never starts if db fails' },
    { line: 'muster want --self db', note: 'inside a script of the agent' },
  ],
  completes: 'units',
  async run({ names, options, io }) {
    const { unit, dependsOn } = readNames(names, options.self, io.env.MUSTER_UNIT);
    const requires = (options.requires ?? 'completed') as Requirement; // One of the choices: parseArguments has checked it.
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const result = await agent.call('sync.want', { unit, dependsOn: [...dependsOn], requires });
      new Answer(io, options).print(result, { text: () => describe(result, dependsOn, requires) });
    });
  },
});

function readNames(names: readonly string[], self: boolean, current: string | undefined) {
  if (self && !current) throw CliError.missingSelf();
  const [unit, ...dependsOn] = self && current ? [current, ...names] : names;
  if (unit === undefined || dependsOn.length === 0) throw CliError.missingDependencies(current ? unit : undefined);
  return { unit, dependsOn };
}

function describe(result: Result<'sync.want'>, dependsOn: readonly string[], requires: Requirement): string {
  const declared = `Unit ${quote(result.unit)} depends on ${listNames([...new Set(dependsOn)])} (needs ${requires}).`;
  if (result.ready) return `${declared} All of its dependencies are satisfied.\n`;
  const unmet = result.dependencies.filter(({ satisfied }) => !satisfied);
  return `${declared} It waits for ${describeUnmet(unmet)}.\n`;
}
