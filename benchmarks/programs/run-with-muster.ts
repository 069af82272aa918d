// Runs a graph of scripts with the runner and the manager, as an agent does. Call: node run-with-muster.ts GRAPH.json
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptRunner } from '@muster/scripts';
import { UnitManager } from '@muster/unit';
import type { ScriptGraph } from '../support/script-graphs.ts';

const { folder, concurrency, scripts }: ScriptGraph = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const units = new UnitManager({ now: Date.now });
const runner = new ScriptRunner(units, { stateDir: join(folder, 'state'), concurrency });
await runner.init(scripts.map(({ id, needs }) => ({ id, displayName: id, script: ':', triggers: ['start'], needs })));
const reports = await runner.execute('start');
const failed = reports.filter(({ outcome }) => outcome !== 'succeeded');
if (failed.length > 0) throw new Error(`${failed.length} scripts failed, the first with: ${JSON.stringify(failed[0])}`);
