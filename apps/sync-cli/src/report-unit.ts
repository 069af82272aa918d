import { RpcError } from '@muster/socket/client';
import type { Params, Result } from '@muster/socket/protocol';
import { Agent, type AgentOptions } from './agent.ts';
import { Answer } from './answer.ts';
import { ANSWER_TIMEOUT_MS } from './commands/agent-options.ts';
import type { Io } from './io.ts';
import { listNames, quote } from './render/names.ts';
import { describeEnding, type Ending } from './render/sentences.ts';

/** A report of the end of a unit. */
export type UnitReport = Params<'sync.complete'> & { readonly outcome: Ending['outcome'] };

interface Reporting {
  readonly options: AgentOptions & {
    readonly json: boolean;
    readonly quiet: boolean;
    readonly color: string | undefined;
  };
  readonly io: Io;
  /** Whether a unit that nobody has mentioned is registered, so that the report is not lost. */
  readonly registers: boolean;
}

/** Reports how a unit ended, and says what came of it. */
export async function reportUnit(report: UnitReport, { options, io, registers }: Reporting): Promise<void> {
  await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
    const answer = new Answer(io, options);
    const result = registers ? await completeAnyhow(agent, report, answer) : await agent.call('sync.complete', report);
    answer.print(result, { text: () => `${describe(result, report)}\n` });
  });
}

/** The agent refuses names that nobody has mentioned, since most are slips. This one is registered first, and shown. */
async function completeAnyhow(agent: Agent, report: UnitReport, answer: Answer): Promise<Result<'sync.complete'>> {
  try {
    return await agent.call('sync.complete', report);
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== 'unknown_unit') throw error;
    const { unit, token, force } = report;
    await agent.call('sync.start', {
      unit,
      wait: false,
      ...(token !== undefined && { token }),
      ...(force !== undefined && { force }),
    });
    const { nearest = [] } = error.facts;
    const meant = nearest.length > 0 ? ` Did you mean ${listNames(nearest)}?` : '';
    answer.note(`Nobody had mentioned unit ${quote(unit)}; it is registered by this report.${meant}`);
    return await agent.call('sync.complete', report);
  }
}

function describe({ unit, run, outcome, already, stopping }: Result<'sync.complete'>, report: UnitReport): string {
  const name = `Unit ${quote(unit)}`;
  const lost = outcome === report.outcome ? '' : ` "${report.outcome}" was not recorded.`;
  if (stopping) {
    return `The run of unit ${quote(unit)} is being stopped: the unit completes as ${outcome} (run ${run}) when it has ended.${lost}`;
  }
  if (already) {
    return `${name} was completed already, as ${outcome} (run ${run}); nothing changed.${lost}`;
  }
  const { exitCode = null, reason = null } = report;
  return `${name} completed (run ${run}): it ${describeEnding({ outcome, exitCode, reason, signal: null })}.`;
}
