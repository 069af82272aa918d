// Runs one script in a runner of its own, which it does not dispose of. Call: node run-scripts.ts STATE_DIRECTORY TEXT
import { ScriptRunner } from '@muster/scripts';
import { UnitManager } from '@muster/unit';

const [, , stateDir = '', text = ''] = process.argv;
const runner = new ScriptRunner(new UnitManager({ now: Date.now }), { stateDir });
await runner.init([{ id: 'a', displayName: 'a', script: text, triggers: ['start'] }]);
await runner.execute('start');
