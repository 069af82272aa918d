import { UnitManager } from '@muster/unit';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { prettyLine } from '../../src/log/pretty-line.ts';
import { UnitLog } from '../../src/log/unit-log.ts';

const plain = (text: string): string => text;
const colors = { gray: plain, red: plain, yellow: plain, bold: plain };

function watched(): { units: UnitManager; log: UnitLog; lines: string[]; pass: (ms: number) => void } {
  let time = 0;
  const lines: string[] = [];
  const write = (line: string): void => {
    const { msg, ...record } = JSON.parse(line) as { msg: string }; // The shape that pino writes.
    lines.push(prettyLine({ ...record, time: new Date(time).toISOString() }, msg, { startedAt: 0, colors }));
  };
  const units = new UnitManager({ now: () => time });
  const log = new UnitLog(units, pino({ base: null }, { write }));
  return { units, log, lines, pass: (ms) => (time += ms) };
}

test('each change is a line, and the table shows them all', () => {
  const { units, log, lines, pass } = watched();
  for (const unit of ['api', 'web', 'e2e', 'slow', 'hang', '\u202enext']) units.register(unit);
  units.addDependencies('web', [{ dependsOn: 'api', requires: 'succeeded' }]);
  units.addDependencies('e2e', [{ dependsOn: 'web', requires: 'succeeded' }]);
  units.addDependencies('\u202enext', [{ dependsOn: 'db', requires: 'completed' }]);
  units.start('api');
  units.start('slow');
  units.start('hang');
  pass(1250);
  units.complete('slow', { outcome: 'timed_out', signal: 'SIGTERM', reason: 'after 1s' });
  units.complete('api', { outcome: 'failed', exitCode: 7 });
  pass(60_000);
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "   +0.0s  api             started
       +0.0s  slow            started
       +0.0s  hang            started
       +1.3s  slow            timed out by SIGTERM (after 1s) in 1.3s
       +1.3s  api             failed with exit code 7 in 1.3s
       +1.3s  web             skipped: needs "api", which failed with exit code 7
       +1.3s  e2e             skipped: needs "web", which was skipped: it needs "api", which failed with exit code 7"
  `);
  expect(log.table(61_250)).toMatchInlineSnapshot(`
    "UNIT          STATUS          OUTCOME    TIME  REASON
    api           completed       failed     1.3s  exit code 7
    web           completed       skipped    -     needs "api", which failed with exit code 7
    e2e           completed       skipped    -     needs "web", which was skipped: it needs "api", which failed with exit code 7
    slow          completed       timed_out  1.3s  SIGTERM, after 1s
    hang          started         -          1m1s
    \\u{202e}next  pending         -          -     waits for "db" (not registered, needs completed)
    db            not registered  -          -"
  `);
});

test('nothing is logged any more once it is disposed', () => {
  const { units, log, lines } = watched();
  log[Symbol.dispose]();
  units.register('a');
  units.start('a');
  expect(lines).toEqual([]);
});
