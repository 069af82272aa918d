import { UnitError } from './errors.ts';
import type { Completed, DependencySet, Started, UnitEvent } from './event.ts';
import { NONE } from './graph/dependency-graph.ts';
import type { UnitState } from './unit-state.ts';

/**
 * Holds the next event of a replay against the state so far, so that a damaged or shuffled history is refused instead of
 * being folded into a state that no manager can reach.
 *
 * @throws UnitError `invalid_event`
 */
export function checkHistory(state: UnitState, seq: number, event: UnitEvent): void {
  const problem = problemOf(state, seq, event);
  if (problem !== null) throw UnitError.invalidEvent(`event ${event.seq} ${problem}`);
}

function problemOf(state: UnitState, seq: number, event: UnitEvent): string | null {
  if (event.seq !== seq + 1) return `follows event ${seq}`;
  const node = state.units.find(event.unit);
  const status = node === undefined ? null : state.units.statusOf(node);
  if (event.type === 'registered') return status === null ? null : 'registers a unit a second time';
  if (node === undefined || status === null) return 'changes a unit that is not registered';
  if (event.type === 'dependency_set') return edgeProblem(state, node, event);
  if (event.type === 'noted') return event.run === state.units.runOf(node) ? null : 'notes a run that is another';
  return runProblem(state, node, event);
}

function runProblem({ units }: UnitState, node: number, event: Started | Completed): string | null {
  const status = units.statusOf(node);
  if (status === event.type) return 'repeats the one before it';
  const begins = event.type === 'started' || status === 'pending';
  return event.run === units.runOf(node) + (begins ? 1 : 0) ? null : 'is of a run out of turn';
}

function edgeProblem(
  { units, graph }: UnitState,
  dependent: number,
  { dependsOn, replaces }: DependencySet,
): string | null {
  const dependency = units.find(dependsOn);
  const edge = dependency === undefined ? NONE : graph.findEdge(dependent, dependency);
  if (edge !== NONE) return graph.requirementOf(edge) === replaces ? null : 'replaces a requirement that is another';
  if (replaces !== undefined) return 'replaces a requirement that is not there';
  return dependency !== undefined && graph.prepareEdge(dependent, dependency) !== null ? 'closes a circle' : null;
}
