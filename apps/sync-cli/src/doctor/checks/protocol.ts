import { isCompatible, PROTOCOL_VERSION } from '@muster/socket/client';
import { visible } from '../../render/names.ts';
import { version } from '../../version.ts';
import { type Check, ok, problem, unknown, warning } from '../finding.ts';

/** Whether the agent and this command mean the same by what they say. */
export const protocolCheck: Check = {
  id: 'protocol',
  run: ({ contact }) => {
    if (contact.kind === 'failed') return unknown('No agent answers that could be compared with this command.');
    const { protocol, version: theirs } = contact.answer;
    const finding = `The command has version ${version()} and protocol ${PROTOCOL_VERSION}, the agent ${visible(theirs)} and ${visible(protocol)}.`;
    if (!isCompatible(PROTOCOL_VERSION, protocol))
      return problem(
        `${finding} They would misunderstand each other.`,
        'Use the command that came with the agent, or start the agent again after the update.',
      );
    if (minorOf(protocol) < minorOf(PROTOCOL_VERSION))
      return warning(`${finding} The agent does not know everything that the command does.`, 'Start the agent again.');
    return ok(finding);
  },
};

function minorOf(protocol: string): number {
  return Number(protocol.split('.')[1] ?? 0);
}
