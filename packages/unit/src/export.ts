import { quote } from './describe.ts';
import type { DependencySnapshot, ManagerSnapshot, UnitSnapshot } from './snapshot.ts';

/**
 * The graph in the language of Graphviz: a box per unit with its status, an arrow from each unit to what it depends on,
 * labelled with the requirement; dashed until it is satisfied.
 */
export function toDot({ units, dependencies }: ManagerSnapshot): string {
  const numbers = numberUnits(units);
  const nodes = units.map(
    (unit) => `  n${numbers.get(unit.unit)} [label="${escapeDot(unit.unit)}\\n${statusText(unit)}"];`,
  );
  const edges = dependencies.map(
    (edge) =>
      `  n${numbers.get(edge.unit)} -> n${numbers.get(edge.dependsOn)} [label="${edge.requires}"${edge.satisfied ? '' : ', style=dashed'}];`,
  );
  return ['digraph units {', '  node [shape=box];', ...nodes, ...edges, '}', ''].join('\n');
}

/** The graph as a Mermaid flow chart, drawn as {@link toDot} draws it. */
export function toMermaid({ units, dependencies }: ManagerSnapshot): string {
  const numbers = numberUnits(units);
  const nodes = units.map(
    (unit) => `  n${numbers.get(unit.unit)}["${escapeMermaid(unit.unit)}<br/>${statusText(unit)}"]`,
  );
  const edges = dependencies.map((edge) => mermaidEdge(edge, numbers));
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
}

function mermaidEdge(
  { unit, dependsOn, requires, satisfied }: DependencySnapshot,
  numbers: Map<string, number>,
): string {
  const arrow = satisfied ? '-->' : '-.->';
  return `  n${numbers.get(unit)} ${arrow}|${requires}| n${numbers.get(dependsOn)}`;
}

function numberUnits(units: readonly UnitSnapshot[]): Map<string, number> {
  return new Map(units.map(({ unit }, index) => [unit, index + 1]));
}

function statusText({ status, outcome }: UnitSnapshot): string {
  if (status === null) return 'not registered';
  return status === 'completed' && outcome !== null ? outcome : status;
}

function escapeDot(name: string): string {
  return visible(name).replace(/[\\"]/g, '\\$&');
}

/** Mermaid reads some characters as its own; it takes any of them as the number of an entity. */
function escapeMermaid(name: string): string {
  return visible(name).replace(/["#;<>&`[\]{}()|\\]/g, (character) => `#${character.codePointAt(0)};`);
}

function visible(name: string): string {
  return quote(name).slice(1, -1);
}
