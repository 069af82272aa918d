import type { Result } from '@muster/socket/protocol';
import type { Agent } from './agent.ts';
import type { Answer } from './answer.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Io } from './io.ts';
import { ownStartNote } from './own-wait.ts';
import { list, quote } from './render/names.ts';
import { describeEnding } from './render/sentences.ts';
import { waiter } from './waiter.ts';

type Failure = Result<'sync.wait'>['failed'][number];

/** The states of the agent in which a start script has not succeeded. */
const FAILED_STATES: readonly string[] = ['start_error', 'start_timeout'];

/** Waits until everything that the start triggers has ended, and prints how. @returns the exit code. */
export async function waitForStart(agent: Agent, answer: Answer, io: Io): Promise<number> {
  const { state: before } = await agent.call('ping', {});
  if (before === 'starting') {
    answer.note('Waits until everything that the start triggers has ended.');
    const ownNote = await ownStartNote(agent, io.env);
    if (ownNote !== null) answer.note(ownNote);
  }
  const {
    units: _none,
    failed,
    ...result
  } = await agent.callWithin('sync.wait', {
    startup: true,
    ...waiter('muster wait', io.env),
  });
  // The state can't go back: of a script that failed after it had reported its unit complete only the list tells.
  const hasFailed = failed.length > 0 || FAILED_STATES.includes(result.state);
  answer.print(
    { ...result, failed: failed.map(({ unit }) => unit) },
    { text: () => `${hasFailed ? describeFailure(failed) : 'Everything that the start triggers has ended well.'}\n` },
  );
  return hasFailed ? EXIT_CODES.unitFailed : EXIT_CODES.done;
}

function describeFailure(failed: readonly Failure[]): string {
  const head = 'Everything that the start triggers has ended, but not all of it well';
  if (failed.length === 0) return `${head}: a script without a unit failed, which the log of the agent names.`;
  return `${head}: ${list(failed.map((failure) => `${quote(failure.unit)} ${describeEnding(failure)}`))}.`;
}
