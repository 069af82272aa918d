import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LogBatch,
  linesOf,
  type RunReport,
  type Script,
  ScriptRunner,
  type ScriptRunnerOptions,
  type UnitTracker,
} from '@muster/scripts';
import { UnitManager } from '@muster/unit';

/** A runner in a directory of its own, with everything that it says written down. */
export class Rig implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'muster-scripts-'));
  readonly manager = new UnitManager({ now: Date.now });
  readonly batches: LogBatch[] = [];
  readonly reports: RunReport[] = [];
  readonly said: { level: string; facts: object; message: string }[] = [];
  readonly runner: ScriptRunner;
  readonly #waiting = new Set<{ done: (report: RunReport) => boolean; resolve: (report: RunReport) => void }>();

  constructor(options: Partial<ScriptRunnerOptions> = {}, units?: UnitTracker) {
    const say = (level: string) => (facts: object, message: string) => void this.said.push({ level, facts, message });
    this.runner = new ScriptRunner(units ?? this.manager, {
      stateDir: join(this.directory, 'state'),
      graceMs: 300,
      logger: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
      sink: { send: (batch) => void this.batches.push(batch), flush: () => undefined },
      onReport: (report) => this.#reported(report),
      ...options,
    });
  }

  /** Runs start scripts to their end. */
  async start(...scripts: Script[]): Promise<readonly RunReport[]> {
    await this.runner.init(scripts);
    return await this.runner.execute('start');
  }

  report(done: (report: RunReport) => boolean = () => true): Promise<RunReport> {
    return new Promise((resolve) => this.#waiting.add({ done, resolve }));
  }

  log(report: RunReport | undefined): string {
    return readFileSync(report?.logPath ?? '', 'utf8');
  }

  /** What the sink has got. */
  get lines(): string[] {
    return this.batches.flatMap((batch) => [...linesOf(batch)]);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #reported(report: RunReport): void {
    this.reports.push(report);
    for (const waiter of this.#waiting) {
      if (!waiter.done(report)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(report);
    }
  }
}

/** A start script whose unit has the name of its id. */
export function script(id: string, text: string, more: Partial<Script> = {}): Script {
  return { id, displayName: id, script: text, triggers: ['start'], ...more };
}
