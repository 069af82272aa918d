import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import { quote, visible } from '../render/names.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand } from './command.ts';

/** `muster ping`. */
export const ping = defineCommand({
  name: 'ping',
  summary: 'Ask whether the agent answers, and in which state it is',
  usage: ['ping'],
  options: { timeout: ANSWER_TIMEOUT, ...AGENT_OPTIONS },
  examples: [
    { line: 'muster ping', note: 'who answers, and on which socket' },
    { line: 'muster ping --connect-timeout 30s', note: 'wait until the agent is there' },
  ],
  completes: [],
  async run({ names, options, io }) {
    if (names.length > 0) throw CliError.tooManyArguments('ping', names, 'ping');
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const { version, protocol, pid, boot, state, socket, ...more } = await agent.call('ping', {});
      new Answer(io, options).print(
        { version, protocol, pid, boot, state, socket, ...more },
        {
          text: (colors) =>
            `The agent answers on ${quote(socket)}: ${colors.strong(visible(state))} (version ${visible(version)}, protocol ${visible(protocol)}, pid ${pid}).\n`,
        },
      );
    });
  },
});
