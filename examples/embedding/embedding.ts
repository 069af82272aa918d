import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ScriptRunner } from '@muster/scripts';
import { UnitManager } from '@muster/unit';

const stateDir = await mkdtemp(path.join(tmpdir(), 'muster-embedding-'));
const units = new UnitManager({ now: Date.now });
units.subscribe((event) => console.log(`${event.unit}: ${event.type === 'completed' ? event.outcome : event.type}`));
{
  await using runner = new ScriptRunner(units, { stateDir });
  await runner.init([
    { id: 'fetch', displayName: 'fetch', script: 'echo fetched', triggers: ['start'] },
    { id: 'build', displayName: 'build', script: 'exit 2', triggers: ['start'], needs: ['fetch'] },
    { id: 'deploy', displayName: 'deploy', script: 'echo never', triggers: ['start'], needs: ['build'] },
  ]);
  const reports = await runner.execute('start');
  console.table(reports, ['unit', 'run', 'outcome', 'exitCode']);
}
await rm(stateDir, { recursive: true });
