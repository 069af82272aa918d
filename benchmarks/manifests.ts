// What does a manifest of 1,000 scripts take, step by step? The floor is the YAML parser alone, which turns the same text into the
// same objects without positions, limits or checks.
import { planScripts, type Script } from '@muster/scripts';
import { UnitManager } from '@muster/unit';
import { parse } from 'yaml';
import { AGENT, timeProgram } from './support/binaries.ts';
import { compare } from './support/compare.ts';
import { manifestOf } from './support/manifests.ts';
import { Place } from './support/place.ts';

const SCRIPTS = 1000;

using place = new Place();
const text = manifestOf(SCRIPTS);
const small = place.write('small.yaml', manifestOf(1));
const large = place.write('large.yaml', text);
const scripts = Object.entries(parse(text).scripts as Readonly<Record<string, { needs: string[] }>>).map(
  ([id, { needs }]): Script => ({ id, displayName: id, script: ':', triggers: ['stop'], needs }),
);
const { planned } = planScripts(scripts);

function time(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

function register(): void {
  const manager = new UnitManager({ now: () => 0 });
  for (const { unit } of planned) manager.register(unit ?? '');
  for (const { unit, dependencies } of planned) manager.addDependencies(unit ?? '', dependencies);
}

function check(file: string): number {
  return timeProgram([process.execPath, AGENT, 'check', file]);
}

await compare({
  title: `A manifest of ${SCRIPTS} scripts, inside a warm process`,
  unit: 'ms',
  rounds: 15,
  contenders: [
    { name: 'parse: yaml alone', measure: () => time(() => parse(text)) },
    { name: 'check: planScripts', measure: () => time(() => planScripts(scripts)) },
    { name: 'register: UnitManager', measure: () => time(register) },
  ],
});

await compare({
  title: 'muster-agent check, from its start to its end',
  unit: 'ms',
  rounds: 9,
  contenders: [
    { name: 'node -e 0', measure: () => timeProgram([process.execPath, '-e', '0']) },
    { name: 'check, 1 script', measure: () => check(small) },
    { name: `check, ${SCRIPTS} scripts`, measure: () => check(large) },
  ],
});
