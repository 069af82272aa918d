import { type Completion, detailsOf, type SkipCause } from './completion.ts';
import type { Completed, DependencySet, Started, UnitEvent } from './event.ts';
import { DependencyGraph, NONE } from './graph/dependency-graph.ts';
import { grow } from './graph/grow.ts';
import type { UnitId } from './id.ts';
import type { Readiness } from './snapshot.ts';
import { REQUIREMENTS, type Requirement } from './status.ts';
import { type Progress, type Standing, UnitTable } from './unit-table.ts';

/** What one change does to other units. */
export interface Consequences {
  /** Some dependency of the unit has another standing, or is new. */
  evaluationChanged(node: number): void;
  /** The dependent of this edge can't start any more, as things stand. */
  becameImpossible(edge: number): void;
}

/**
 * The fold of the events: {@link apply} is the only way in which anything changes, for a live operation as for a replay.
 *
 * Each unit counts the dependencies that are unmet and those that are impossible, so readiness is looked up, never
 * recounted; a change visits only the edges whose standing it changes.
 */
export class UnitState {
  readonly units = new UnitTable();
  readonly graph = new DependencyGraph();
  readonly #consequences: Consequences;
  #unmet = new Int32Array(64);
  #impossible = new Int32Array(64);

  constructor(consequences: Consequences) {
    this.#consequences = consequences;
  }

  /** Of the names in the event the caller may know the numbers, or that a name is new: {@link NONE}. */
  apply(event: UnitEvent, unit?: number, dependency?: number): void {
    const node = this.#intern(event.unit, unit);
    switch (event.type) {
      case 'registered':
        this.units.setRegistered(node, event.at);
        break;
      case 'dependency_set':
        this.#applyDependencySet(event, node, this.#intern(event.dependsOn, dependency));
        break;
      case 'started':
        this.#applyStarted(event, node);
        break;
      case 'completed':
        this.#applyCompleted(event, node);
        break;
      case 'noted':
        this.units.setNote(node, event.note);
        break;
      default:
        event satisfies never;
    }
  }

  readinessOf(node: number): Readiness {
    if ((this.#impossible[node] as number) > 0) return 'impossible';
    return (this.#unmet[node] as number) > 0 ? 'waiting' : 'runnable';
  }

  standingOf(edge: number): Standing {
    return this.units.standing(this.graph.dependencyOf(edge), this.graph.requirementOf(edge));
  }

  /** Why an impossible edge is so. */
  causeOf(edge: number): SkipCause | undefined {
    const node = this.graph.dependencyOf(edge);
    const completion = this.units.completionOf(node);
    if (completion === null) return undefined;
    return { dependsOn: this.units.idOf(node), requires: this.graph.requirementOf(edge), completion };
  }

  #applyDependencySet({ requires, replaces }: DependencySet, dependent: number, dependency: number): void {
    let edge: number;
    if (replaces === undefined) {
      edge = this.graph.addEdge(dependent, dependency, requires);
    } else {
      edge = this.graph.findEdge(dependent, dependency);
      this.#count(dependent, this.standingOf(edge), -1);
      this.graph.changeRequirement(edge, requires);
    }
    const standing = this.standingOf(edge);
    this.#count(dependent, standing, 1);
    this.#consequences.evaluationChanged(dependent);
    if (standing === 'impossible') this.#consequences.becameImpossible(edge);
  }

  #applyStarted(event: Started, node: number): void {
    const before = this.units.progressOf(node);
    this.units.setStarted(node, event);
    this.#passOn(node, before);
  }

  #applyCompleted(event: Completed, node: number): void {
    const before = this.units.progressOf(node);
    this.units.setCompleted(node, this.#completion(event));
    this.#passOn(node, before);
  }

  #completion(event: Completed): Completion {
    const { run, outcome, at, because } = event;
    const cause = because === undefined ? undefined : this.#cause(because);
    return Object.freeze({
      run,
      outcome,
      at,
      ...detailsOf(event),
      ...(cause === undefined ? {} : { cause }),
    });
  }

  #cause({ dependsOn, requires }: { dependsOn: UnitId; requires: Requirement }): SkipCause | undefined {
    const completion = this.units.completionOf(this.#intern(dependsOn));
    return completion === null ? undefined : Object.freeze({ dependsOn, requires, completion });
  }

  /** Passes on to the dependents of a unit what its change makes of their edges. */
  #passOn(node: number, before: Progress): void {
    const after = this.units.progressOf(node);
    if (before === after) return;
    for (const requires of REQUIREMENTS) {
      const from = before[requires];
      const to = after[requires];
      if (from !== to) this.#propagate(node, requires, { from, to });
    }
  }

  #propagate(node: number, requires: Requirement, { from, to }: { from: Standing; to: Standing }): void {
    const graph = this.graph;
    for (let edge = graph.firstDependent(node, requires); edge !== NONE; edge = graph.nextDependent(edge)) {
      const dependent = graph.dependentOf(edge);
      this.#count(dependent, from, -1);
      this.#count(dependent, to, 1);
      this.#consequences.evaluationChanged(dependent);
      if (to === 'impossible') this.#consequences.becameImpossible(edge);
    }
  }

  #count(node: number, standing: Standing, by: 1 | -1): void {
    if (standing === 'satisfied') return;
    this.#unmet[node] = (this.#unmet[node] as number) + by;
    if (standing === 'impossible') this.#impossible[node] = (this.#impossible[node] as number) + by;
  }

  /** The node of a name, new if need be. */
  #intern(id: UnitId, known = this.units.find(id) ?? NONE): number {
    if (known !== NONE) return known;
    const node = this.graph.addNode();
    this.units.add(id);
    if (node === this.#unmet.length) {
      this.#unmet = grow(this.#unmet, Int32Array);
      this.#impossible = grow(this.#impossible, Int32Array);
    }
    return node;
  }
}
