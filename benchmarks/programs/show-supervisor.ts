// Runs one script that copies the command line of its parent to a file. Call: node show-supervisor.ts FILE
import { ScriptRunner } from '@muster/scripts';
import { UnitManager } from '@muster/unit';

const file = process.argv[2] ?? '';
const runner = new ScriptRunner(new UnitManager({ now: Date.now }), { stateDir: `${file}.state` });
const script = `cat /proc/$PPID/cmdline >'${file}'`;
// A name that shells keep for themselves: with it a run gets a supervisor of its own, which has the text on its command line.
const env = { IFS: ' ' };
await runner.init([{ id: 'show', displayName: 'show', script, triggers: ['start'], env }]);
const [report] = await runner.execute('start');
if (report?.outcome !== 'succeeded') throw new Error(JSON.stringify(report));
