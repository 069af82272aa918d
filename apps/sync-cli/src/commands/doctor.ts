import { ClientError, RpcError, resolveSocketPath } from '@muster/socket/client';
import type { Result } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CHECKS } from '../doctor/checks/table.ts';
import type { Contact, Surroundings } from '../doctor/finding.ts';
import { type CheckedFinding, findingsText, troubleText } from '../doctor/render-findings.ts';
import { stateDirectoryOf } from '../doctor/state-directory.ts';
import { CliError } from '../errors.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { AGENT_OPTIONS } from './agent-options.ts';
import { defineCommand } from './command.ts';

/** How long the doctor waits for the agent, in milliseconds: one that needs longer to say its name is ill. */
const DOCTOR_TIMEOUT_MS = 5_000;

/** `muster doctor`. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Look for what keeps the agent and its commands from working, and say what to do',
  usage: ['doctor'],
  details: [
    'It changes nothing. It exits with 69 if the agent is unreachable, else with 1 if there is a problem, else with 0;',
    'warnings alone are no failure. With --quiet it prints only warnings and problems.',
  ],
  options: {
    'state-dir': { value: 'PATH', summary: 'The directory that the agent was given with its --state-dir' },
    timeout: { value: 'TIME', summary: 'Give up on the agent after this time, as in 10s; 0 = never; default 5s' },
    ...AGENT_OPTIONS,
  },
  examples: [
    { line: 'muster doctor', note: 'every check, with its remedy' },
    { line: `muster doctor --json | jq '.[] | select(.status != "ok")'`, note: 'for programs' },
  ],
  completes: [],
  async run({ names, options, io }) {
    if (names.length > 0) throw CliError.tooManyArguments('doctor', names, 'doctor');
    const socket = resolveSocketPath({ flag: options.socket, env: io.env });
    const stateDirectory = stateDirectoryOf({ flag: options['state-dir'], env: io.env, socketPath: socket.path });
    const contact = await ask(async (take) => {
      await Agent.use({ options, io, defaultMs: DOCTOR_TIMEOUT_MS }, async (agent) =>
        take(await agent.call('ping', {})),
      );
    });
    const findings = await examine({ env: io.env, socket, stateDirectory, contact, now: Date.now() });
    new Answer(io, options).print(findings, {
      text: (colors) => findingsText(findings, colors),
      quiet: () => troubleText(findings),
    });
    return verdict(findings, contact);
  },
});

/** @throws CliError `usage`: then it is not the agent that is to blame. */
async function ask(call: (take: (answer: Result<'ping'>) => void) => Promise<void>): Promise<Contact> {
  let contact: Contact | null = null;
  try {
    await call((answer) => {
      contact = { kind: 'answered', answer };
    });
  } catch (error) {
    const isKnown = error instanceof CliError || error instanceof ClientError || error instanceof RpcError;
    if (!isKnown || error.code === 'usage') throw error;
    contact ??= { kind: 'failed', error };
  }
  return contact ?? { kind: 'failed', error: CliError.bug('the agent answered nothing') };
}

async function examine(surroundings: Surroundings): Promise<CheckedFinding[]> {
  const findings: CheckedFinding[] = [];
  for (const { id, run } of CHECKS) findings.push({ id, ...(await run(surroundings)) });
  return findings;
}

/** That nobody answers weighs more than why. */
function verdict(findings: readonly CheckedFinding[], contact: Contact): ExitCode {
  if (contact.kind === 'failed') return EXIT_CODES.unreachable;
  return findings.some(({ status }) => status === 'problem') ? EXIT_CODES.unitFailed : EXIT_CODES.done;
}
