import { quote, type UnitSnapshot } from '@muster/unit';
import type { Result } from '../../protocol/methods.ts';
import { RequestError } from '../request-error.ts';
import type { RunLog } from '../run-logs.ts';
import { toTime } from '../to-time.ts';
import { endClause } from '../unit-refusal.ts';
import type { Handler } from './handler.ts';
import { known } from './queries.ts';
import { until } from './until.ts';

/** Where the output of a run is. Only its path is told: whoever may read the file does so. */
export const logs: Handler<'sync.logs'> = async ({ unit, run, wait }, { units, names, runLogs, call }) => {
  const snapshot = known(units, unit, names);
  const kept = runLogs(unit);
  if (kept === null) throw noScript(unit);
  const found = run === undefined ? kept.at(-1) : kept.find((each) => each.run === run);
  if (found === undefined)
    throw run === undefined || kept.length === 0 ? notStarted(snapshot) : notKept({ unit, run, kept });
  if (wait) await until(call.signal, (resolve) => found.onEnded(resolve));
  return toLogInfo(unit, found);
};

function toLogInfo(unit: string, log: RunLog): Result<'sync.logs'> {
  const { run, runId, logPath, errorLogPath, startedAt, endedAt, outcome, logRange, errorLogRange } = log;
  return {
    unit,
    run,
    runId,
    logPath,
    errorLogPath,
    startedAt: toTime(startedAt),
    endedAt: endedAt === null ? null : toTime(endedAt),
    outcome,
    logRange: copyOf(logRange),
    errorLogRange: copyOf(errorLogRange),
  };
}

function copyOf(range: RunLog['logRange']): Result<'sync.logs'>['logRange'] {
  return range === null ? null : { from: range.from, to: range.to };
}

function noScript(unit: string): RequestError {
  return new RequestError('no_log', `unit ${quote(unit)} has no log: no script of the agent stands for it.`, {
    hint: 'What its work writes goes where whoever reports it has sent it: "muster status UNIT" tells who that is.',
    facts: { unit },
  });
}

function notStarted({ unit, completion }: UnitSnapshot): RequestError {
  if (completion !== null) {
    const message = `unit ${quote(unit)} has no log: it completed without a run of its script: ${endClause(completion)}.`;
    return new RequestError('not_started', message, { hint: 'See more with "muster status UNIT".', facts: { unit } });
  }
  return new RequestError('not_started', `unit ${quote(unit)} has no log: its script has not started yet.`, {
    hint: 'Wait for that with "muster logs --follow UNIT", or for its end with "muster wait UNIT".',
    facts: { unit },
  });
}

function notKept({ unit, run, kept }: { unit: string; run: number; kept: readonly RunLog[] }): RequestError {
  const numbers = kept.map((each) => each.run);
  const latest = Math.max(...numbers);
  if (run > latest) {
    const hint = `The latest is run ${latest}.`;
    return new RequestError('no_log', `there is no run ${run} of unit ${quote(unit)}.`, { hint, facts: { unit, run } });
  }
  return new RequestError('no_log', `there is no log of run ${run} of unit ${quote(unit)}.`, {
    hint: `Kept are those of ${inWords(numbers)}: older ones are deleted, and a run that was skipped has none.`,
    facts: { unit, run },
  });
}

/** `run 7`, or `the runs 5 to 24`. */
function inWords(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)];
  return first === last ? `run ${first}` : `the runs ${first} to ${last}`;
}
