// A million units with four million edges, once: the time, and the memory of the process that holds them.

import { sortInOneBatch } from './support/batch-sort.ts';
import { verdict } from './support/compare.ts';
import { peakOf } from './support/process-facts.ts';
import { SHAPES, type Shape } from './support/shapes.ts';
import { short } from './support/statistics.ts';
import { printTable } from './support/table.ts';
import { build, completeAll } from './support/whole-graph.ts';

const UNITS = 1_000_000;
const GIB = 2 ** 30 / 1e6;

const asked = process.argv[2] as Shape | undefined; // Anything else fails at once.
if (asked === undefined) {
  const { spawnSync } = await import('node:child_process');
  for (const shape of ['random, in order', 'random, in random order', 'deep, in random order'] satisfies Shape[]) {
    spawnSync(process.execPath, ['--max-old-space-size=8192', import.meta.filename, shape], { stdio: 'inherit' });
  }
} else {
  const graph = SHAPES[asked](UNITS);
  const before = performance.now();
  sortInOneBatch(graph);
  const sorted = performance.now();
  const manager = build(graph);
  const built = performance.now();
  completeAll(manager, graph);
  const done = performance.now();
  const peak = peakOf(process.pid);
  printTable(`${UNITS} units, ${graph.from.length} edges (once)`, [
    {
      shape: asked,
      'floor s': short((sorted - before) / 1000),
      'Muster s': short((done - sorted) / 1000),
      'of that completing s': short((done - built) / 1000),
      '× floor': short((done - sorted) / (sorted - before)),
      'peak MB of the process, its input included': short(peak),
      goal: `≤ 2 GiB: ${verdict(peak <= 2 * GIB, `${short(peak)} MB`)}`,
    },
  ]);
}
