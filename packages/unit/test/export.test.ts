import { toDot, toMermaid } from '@muster/unit';
import { expect, test } from 'vitest';
import { depend, managerWith } from './support/units.ts';

function example() {
  const manager = managerWith('app', 'db', 'odd "name" \\ <b>');
  depend(manager, 'app', 'db', 'succeeded');
  depend(manager, 'app', 'odd "name" \\ <b>', 'started');
  depend(manager, 'db', 'net');
  manager.start('odd "name" \\ <b>');
  return manager.snapshot();
}

test('DOT shows names, statuses and requirements', () => {
  expect(toDot(example())).toMatchInlineSnapshot(`
    "digraph units {
      node [shape=box];
      n1 [label="app\\npending"];
      n2 [label="db\\npending"];
      n3 [label="odd \\"name\\" \\\\ <b>\\nstarted"];
      n4 [label="net\\nnot registered"];
      n1 -> n2 [label="succeeded", style=dashed];
      n1 -> n3 [label="started"];
      n2 -> n4 [label="completed", style=dashed];
    }
    "
  `);
});

test('Mermaid shows the same', () => {
  expect(toMermaid(example())).toMatchInlineSnapshot(`
    "flowchart LR
      n1["app<br/>pending"]
      n2["db<br/>pending"]
      n3["odd #34;name#34; #92; #60;b#62;<br/>started"]
      n4["net<br/>not registered"]
      n1 -.->|succeeded| n2
      n1 -->|started| n3
      n2 -.->|completed| n4
    "
  `);
});

test('an empty graph is a graph', () => {
  expect(toDot(managerWith().snapshot())).toBe('digraph units {\n  node [shape=box];\n}\n');
  expect(toMermaid(managerWith().snapshot())).toBe('flowchart LR\n');
});
