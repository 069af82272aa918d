import { compareNames } from './compare-names.ts';
import type { SkipCause } from './completion.ts';
import { NONE } from './graph/dependency-graph.ts';
import type { DependencySnapshot, Evaluation, ManagerSnapshot, UnitSnapshot } from './snapshot.ts';
import { REQUIREMENTS } from './status.ts';
import type { UnitState } from './unit-state.ts';

// Answers to questions about the state: copies, sorted, which no later change reaches.

export function readEvaluation(state: UnitState, node: number): Evaluation {
  const readiness = state.readinessOf(node);
  switch (readiness) {
    case 'runnable':
      return { readiness };
    case 'waiting':
      return { readiness, unmet: unmetOf(state, node) };
    case 'impossible':
      return { readiness, unmet: unmetOf(state, node), cause: firstCause(state, node) };
    default:
      return readiness satisfies never;
  }
}

export function readDependencies(state: UnitState, node: number): DependencySnapshot[] {
  return dependencyEdges(state, node)
    .map((edge) => readEdge(state, edge))
    .sort((a, b) => compareNames(a.dependsOn, b.dependsOn));
}

export function readDependents(state: UnitState, node: number): DependencySnapshot[] {
  const dependents: DependencySnapshot[] = [];
  for (const requires of REQUIREMENTS) {
    for (let edge = state.graph.firstDependent(node, requires); edge !== NONE; edge = state.graph.nextDependent(edge)) {
      dependents.push(readEdge(state, edge));
    }
  }
  return dependents.sort((a, b) => compareNames(a.unit, b.unit));
}

export function readUnits(state: UnitState, order: 'name' | 'registration'): UnitSnapshot[] {
  const units = Array.from({ length: state.units.size }, (_, node) =>
    state.units.snapshot(node, state.readinessOf(node) === 'runnable'),
  );
  return order === 'name' ? units.sort((a, b) => compareNames(a.unit, b.unit)) : units;
}

export function readSnapshot(state: UnitState, seq: number): ManagerSnapshot {
  const dependencies = Array.from({ length: state.graph.edgeCount }, (_, edge) => readEdge(state, edge));
  return { seq, units: readUnits(state, 'registration'), dependencies };
}

function readEdge(state: UnitState, edge: number): DependencySnapshot {
  const { graph, units } = state;
  const dependency = graph.dependencyOf(edge);
  return {
    unit: units.idOf(graph.dependentOf(edge)),
    dependsOn: units.idOf(dependency),
    requires: graph.requirementOf(edge),
    status: units.statusOf(dependency),
    outcome: units.outcomeOf(dependency),
    satisfied: state.standingOf(edge) === 'satisfied',
  };
}

function unmetOf(state: UnitState, node: number): DependencySnapshot[] {
  return readDependencies(state, node).filter(({ satisfied }) => !satisfied);
}

/** Of several impossible dependencies the first by name. */
function firstCause(state: UnitState, node: number): SkipCause {
  const causes = dependencyEdges(state, node)
    .filter((edge) => state.standingOf(edge) === 'impossible')
    .map((edge) => state.causeOf(edge) as SkipCause) // An impossible dependency has completed.
    .sort((a, b) => compareNames(a.dependsOn, b.dependsOn));
  return causes[0] as SkipCause; // Asked for only where there is one.
}

function dependencyEdges({ graph }: UnitState, node: number): number[] {
  const edges: number[] = [];
  for (let edge = graph.firstDependency(node); edge !== NONE; edge = graph.nextDependency(edge)) edges.push(edge);
  return edges;
}
