import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noUnits, ScriptRunner, type ScriptRunnerOptions } from '@muster/scripts';

interface Options {
  readonly scripts: number;
  readonly text: string;
  readonly hang?: boolean;
}

// A program: runs scripts with split output, and prints how they ended and how often something was given up.
const { scripts: count, text, hang } = JSON.parse(process.argv[2] ?? '') as Options;
const stateDir = mkdtempSync(join(tmpdir(), 'muster-many-'));
let told = 0;
const logger = { debug: () => undefined, info: () => undefined, warn: () => void told++, error: () => void told++ };
const sink = { send: () => new Promise<void>(() => undefined), flush: () => undefined };
const options: ScriptRunnerOptions = { stateDir, logger, graceMs: 100, ...(hang === true ? { sink } : {}) };
const runner = new ScriptRunner(noUnits, options);
const scripts = Array.from({ length: count }, (_, index) => ({
  id: `s${index}`,
  displayName: `s${index}`,
  script: text,
  triggers: ['start' as const],
  output: 'split' as const,
}));
await runner.init(scripts);
const reports = await runner.execute('start');
await runner[Symbol.asyncDispose]();
rmSync(stateDir, { recursive: true });
const endings = [...new Set(reports.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`.trim()))];
process.stdout.write(JSON.stringify({ endings, told }));
