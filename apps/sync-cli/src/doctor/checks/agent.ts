import { quote, visible } from '../../render/names.ts';
import { type Check, ok, problem, sentence, warning } from '../finding.ts';

/** States of the agent in which something has gone wrong; see docs/operations.md. */
const TROUBLED = /_error$|_timeout$/;

/** Whether an agent answers, and how it is. */
export const agentCheck: Check = {
  id: 'agent',
  run: ({ contact }) => {
    if (contact.kind === 'failed')
      return problem(sentence(contact.error.message), contact.error.hint ?? 'Look at its log.');
    const { pid, state, version } = contact.answer;
    const finding = `The agent answers: version ${visible(version)}, pid ${pid}, ${quote(state)}.`;
    if (TROUBLED.test(state)) return warning(finding, 'See which units failed: muster list');
    return ok(finding);
  },
};
