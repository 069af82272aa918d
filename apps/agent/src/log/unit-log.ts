import type { RunReport } from '@muster/scripts';
import {
  type Completion,
  describeCompletion,
  describeUnmet,
  type UnitEvent,
  type UnitManager,
  type UnitSnapshot,
} from '@muster/unit';
import { formatDuration } from '../duration.ts';
import type { AgentLog } from './agent-log.ts';
import { lastLines } from './log-excerpt.ts';
import { textTable } from './table.ts';

/** How much of a failed script's output is repeated in the log. */
const EXCERPT_LINES = 10;

/** Follows the units and logs each change, so that a person can see what the workspace does. */
export class UnitLog implements Disposable {
  readonly #units: UnitManager;
  readonly #log: AgentLog;
  readonly #subscription: Disposable;
  /** Of the latest run of each unit that was seen to start. */
  readonly #startedAt = new Map<string, number>();

  constructor(units: UnitManager, log: AgentLog) {
    this.#units = units;
    this.#log = log;
    this.#subscription = units.subscribe((event) => this.#onEvent(event));
  }

  /** Logs where a run that went wrong left its output, and the end of it. */
  report(report: RunReport): void {
    if (report.outcome === 'succeeded' || report.logPath === null) return;
    const { script, runId, logPath, errorLogPath, exitCode, signal } = report;
    const { path, output } = excerpt(logPath, errorLogPath);
    const facts = { unit: report.unit ?? script, script, runId, logPath, errorLogPath, exitCode, signal, output };
    this.#log.warn(facts, `${output.length === 0 ? 'no output in' : 'output ends with, in'} ${path}`);
  }

  /** All units in the order of the manifest, as a table for people. */
  table(now: number): string {
    const rows = this.#units.list('registration').map((unit) => this.#row(unit, now));
    return textTable(['UNIT', 'STATUS', 'OUTCOME', 'TIME', 'REASON'], rows);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  #onEvent(event: UnitEvent): void {
    const { unit, seq } = event;
    switch (event.type) {
      case 'registered':
        this.#log.debug({ unit, seq }, 'registered');
        break;
      case 'dependency_set':
        this.#log.debug({ unit, dependsOn: event.dependsOn, requires: event.requires, seq }, 'depends on another unit');
        break;
      case 'started':
        this.#startedAt.set(unit, event.at);
        this.#log.info({ unit, status: 'started', run: event.run, seq }, 'started');
        break;
      case 'completed':
        this.#completed(event);
        break;
      case 'noted':
        this.#log.warn({ unit, run: event.run, note: event.note, seq }, event.note);
        break;
      default:
        event satisfies never;
    }
  }

  #completed(event: Extract<UnitEvent, { type: 'completed' }>): void {
    const { unit, run, outcome, exitCode, signal, reason, because, seq } = event;
    const completion = this.#units.find(unit)?.completion;
    const words = completion ? describeCompletion(completion) : outcome;
    const startedAt = this.#startedAt.get(unit);
    const took = startedAt === undefined || outcome === 'skipped' ? '' : ` in ${formatDuration(event.at - startedAt)}`;
    const level = outcome === 'failed' || outcome === 'timed_out' ? 'warn' : 'info';
    this.#log[level](
      { unit, status: 'completed', outcome, run, exitCode, signal, reason, because, seq },
      `${words}${took}`,
    );
  }

  #row(unit: UnitSnapshot, now: number): string[] {
    const outcome = unit.status === 'completed' ? (unit.outcome ?? '-') : '-';
    return [unit.unit, unit.status ?? 'not registered', outcome, this.#time(unit, now), this.#reason(unit)];
  }

  #time({ unit, status, completion }: UnitSnapshot, now: number): string {
    const startedAt = this.#startedAt.get(unit);
    if (startedAt === undefined || status === 'pending') return '-';
    return formatDuration((status === 'completed' && completion ? completion.at : now) - startedAt);
  }

  #reason({ unit, status, completion, note }: UnitSnapshot): string {
    if (note !== null) return note;
    if (status === 'completed' && completion) return reasonOf(completion);
    if (status !== 'pending') return '';
    const evaluation = this.#units.evaluate(unit);
    return evaluation.readiness === 'runnable' ? '' : `waits for ${describeUnmet(evaluation.unmet)}`;
  }
}

/** The end of what a script said, of its errors where it said them apart. */
function excerpt(logPath: string, errorLogPath: string | null): { path: string; output: string[] } {
  const errors = errorLogPath === null ? [] : lastLines(errorLogPath, EXCERPT_LINES);
  if (errorLogPath !== null && errors.length > 0) return { path: errorLogPath, output: errors };
  return { path: logPath, output: lastLines(logPath, EXCERPT_LINES) };
}

/** What the outcome alone doesn't say. */
function reasonOf(completion: Completion): string {
  if (completion.cause !== undefined) return describeCompletion(completion).replace(/^skipped: /, '');
  if (completion.signal !== undefined) return [completion.signal, completion.reason].filter(Boolean).join(', ');
  const code = completion.exitCode ? `exit code ${completion.exitCode}` : undefined;
  return [code, completion.reason].filter(Boolean).join(', ');
}
