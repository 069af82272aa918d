import { type Completion, type CompletionReport, detailsOf } from './completion.ts';
import { UnitError } from './errors.ts';
import type { Completed, DependencySet, UnitEvent } from './event.ts';
import { EventLog } from './event-log.ts';
import { NONE } from './graph/dependency-graph.ts';
import { parseUnitId, type UnitId } from './id.ts';
import type { DependencyDeclaration, EventsAnswer, StartOptions, UnitManagerOptions } from './manager-types.ts';
import { Notifier, rejectUnhandled } from './notifier.ts';
import { readDependencies, readDependents, readEvaluation, readSnapshot, readUnits } from './read-model.ts';
import { checkHistory } from './replay.ts';
import type { DependencySnapshot, Evaluation, ManagerSnapshot, Readiness, UnitSnapshot } from './snapshot.ts';
import { OUTCOMES, REQUIREMENTS, type Requirement } from './status.ts';
import { UnitState } from './unit-state.ts';
import type { Standing } from './unit-table.ts';

/** How many of the latest events a manager keeps unless told: about 2 MB. */
const DEFAULT_TAIL = 10_000;

/** A declaration whose names and requirement are right. */
interface CheckedDeclaration {
  readonly dependsOn: UnitId;
  /** Its number, unless the name is new. */
  readonly dependency: number | undefined;
  readonly requires: Requirement;
}

/**
 * Units of work, their dependencies, and how far each has come: one acyclic graph, one history.
 *
 * Every operation is synchronous and atomic: it happens whole, or throws a {@link UnitError} and leaves no trace. Every
 * change is exactly one {@link UnitEvent}. When a pending unit can't start any more because of how one of its dependencies
 * ended, it is completed as `skipped` in the same step, and so on down the graph: no unit waits for what can't happen.
 *
 * Names are {@link parseUnitId | checked}; a name that is none throws `invalid_unit_id` from every operation.
 */
export class UnitManager {
  readonly #now: () => number;
  readonly #log: EventLog;
  readonly #notifier: Notifier;
  readonly #state: UnitState;
  /** Edges whose dependents must be skipped before the present operation ends. */
  #impossibleEdges: number[] = [];

  /** @throws RangeError for a `tail` that is not a whole number above 0. */
  constructor({ now, tail = DEFAULT_TAIL, onListenerError = rejectUnhandled }: UnitManagerOptions) {
    if (!Number.isInteger(tail) || tail < 1) throw new RangeError(`tail must be a whole number above 0, not ${tail}`);
    this.#now = now;
    this.#log = new EventLog(tail);
    this.#notifier = new Notifier({ onListenerError, readinessOf: (node) => this.#state.readinessOf(node) });
    this.#state = new UnitState({
      evaluationChanged: (node) => this.#notifier.enqueueReadiness(node),
      becameImpossible: (edge) => this.#impossibleEdges.push(edge),
    });
  }

  /**
   * Rebuilds a manager from its whole history.
   *
   * @throws UnitError `invalid_event` where the events are not, in order and without gaps, what a manager has written.
   */
  static fromEvents(events: Iterable<UnitEvent>, options: UnitManagerOptions): UnitManager {
    const manager = new UnitManager(options);
    for (const given of events) {
      const event = ownCopy(given);
      checkHistory(manager.#state, manager.seq, event);
      manager.#state.apply(event);
      manager.#log.append(event);
    }
    manager.#impossibleEdges = []; // What followed from them is in the events.
    return manager;
  }

  /** The number of the latest event; 0 before the first. */
  get seq(): number {
    return this.#log.seq;
  }

  /**
   * Makes a unit known, as `pending`. Whoever named it as a dependency already waits for it.
   *
   * @throws UnitError `already_registered`; the unit stays as it is.
   */
  register(unit: string): void {
    const node = this.#state.units.find(unit);
    if (node !== undefined && this.#state.units.statusOf(node) !== null) throw UnitError.alreadyRegistered(unit);
    this.#commitRegistered(parseUnitId(unit), node);
    this.#settle();
  }

  /**
   * Declares dependencies of a registered unit: all of them, or none. The units depended on need not be registered. A
   * dependency that is there already is left as it is, or gets the new requirement. For a unit that has started, they
   * count from its next start on.
   *
   * @param options `register`: a unit that is not registered becomes so in the same step, or stays unknown if the
   *   dependencies are refused. Default `false`.
   * @throws UnitError `unknown_unit`, `invalid_requirement`, or `cycle` with the whole circle.
   */
  addDependencies(
    unit: string,
    dependencies: readonly DependencyDeclaration[],
    options?: { readonly register?: boolean },
  ): void {
    const { units } = this.#state;
    const known = options?.register === true ? units.find(unit) : this.#registered(unit);
    const id = known === undefined ? parseUnitId(unit) : units.idOf(known);
    const declared = dependencies.map((declaration) => this.#prepareEdge(id, known, declaration));
    if (known === undefined || units.statusOf(known) === null) this.#commitRegistered(id, known);
    const dependent = known ?? this.#known(id);
    for (const declaration of declared) this.#setDependency(dependent, declaration);
    this.#settle();
  }

  /**
   * Begins the next run of a pending or completed unit.
   *
   * @param options `owner` says, for people, who will report the end of the run.
   * @returns the number of the run, counted from 1.
   * @throws UnitError `not_ready` or `impossible`, naming what is unmet; `already_started`; `unknown_unit`.
   */
  start(unit: string, { owner }: StartOptions = {}): number {
    const node = this.#registered(unit);
    const { units } = this.#state;
    const id = units.idOf(node);
    if (units.statusOf(node) === 'started') throw UnitError.alreadyStarted(id, units.runOf(node));
    const evaluation = readEvaluation(this.#state, node);
    if (evaluation.readiness === 'waiting') throw UnitError.notReady(id, evaluation.unmet);
    if (evaluation.readiness === 'impossible') throw UnitError.impossible(id, evaluation.unmet, evaluation.cause);
    const run = units.runOf(node) + 1;
    const ownership = owner === undefined ? {} : { owner };
    this.#commit({ seq: this.seq + 1, at: this.#now(), unit: id, type: 'started', run, ...ownership }, node);
    this.#settle();
    return run;
  }

  /**
   * Ends the run of a started unit, or completes a pending one that never said it started.
   *
   * @throws UnitError `already_completed`, `unknown_unit`, `invalid_outcome`.
   */
  complete(unit: string, report: CompletionReport = {}): Completion {
    const node = this.#registered(unit);
    const { outcome = 'succeeded' } = report;
    parseChoice('invalid_outcome', outcome, OUTCOMES);
    const { units } = this.#state;
    const id = units.idOf(node);
    const run = units.runOf(node);
    const status = units.statusOf(node);
    if (status === 'completed') throw UnitError.alreadyCompleted(id, units.completionOf(node) as Completion);
    const event: Completed = {
      seq: this.seq + 1,
      at: this.#now(),
      unit: id,
      type: 'completed',
      run: status === 'pending' ? run + 1 : run,
      outcome,
      ...detailsOf(report),
    };
    this.#commit(event, node);
    const completion = units.completionOf(node) as Completion; // The commit has just set it.
    this.#settle();
    return completion;
  }

  /** Adds a note to the latest run of a registered unit. @throws UnitError `unknown_unit`. */
  note(unit: string, note: string): void {
    const node = this.#registered(unit);
    const { units } = this.#state;
    const run = units.runOf(node);
    this.#commit({ seq: this.seq + 1, at: this.#now(), unit: units.idOf(node), type: 'noted', run, note }, node);
    this.#settle();
  }

  /** Whether a unit may start. O(1). @throws UnitError `unknown_unit` for a name that nobody has mentioned. */
  readiness(unit: string): Readiness {
    return this.#state.readinessOf(this.#known(unit));
  }

  /** What a dependency on a unit would have come to, if it required this. @throws UnitError `unknown_unit`. */
  standing(unit: string, requires: Requirement): Standing {
    return this.#state.units.standing(this.#known(unit), requires);
  }

  /** As {@link readiness}, with what it follows from. @throws UnitError `unknown_unit`. */
  evaluate(unit: string): Evaluation {
    return readEvaluation(this.#state, this.#known(unit));
  }

  /**
   * Calls back whenever a dependency of the unit is added or comes to something else. Several changes in a row may be
   * told as one; the readiness is that of the moment. Dispose of the result to stop.
   *
   * @throws UnitError `unknown_unit`.
   */
  watch(unit: string, listener: (readiness: Readiness) => void): Disposable {
    return this.#notifier.watch(this.#known(unit), listener);
  }

  /** Calls back with every event from now on, in sequence. Dispose of the result to stop. */
  subscribe(listener: (event: UnitEvent) => void): Disposable {
    return this.#notifier.subscribe(listener, this.seq);
  }

  /** The events after a sequence number (0: all). A reader that was away too long gets the present state instead. */
  eventsSince(seq: number): EventsAnswer {
    const events = this.#log.since(seq);
    if (events !== null) return { kind: 'events', events };
    return { kind: 'too_old', oldest: this.#log.oldest, snapshot: this.snapshot() };
  }

  /** One unit; `null` for a name that nobody has mentioned. */
  find(unit: string): UnitSnapshot | null {
    const node = this.#state.units.find(parseUnitId(unit));
    if (node === undefined) return null;
    return this.#state.units.snapshot(node, this.#state.readinessOf(node) === 'runnable');
  }

  /** What a unit depends on, sorted by name. @throws UnitError `unknown_unit`. */
  dependencies(unit: string): readonly DependencySnapshot[] {
    return readDependencies(this.#state, this.#known(unit));
  }

  /** What depends on a unit, sorted by name. @throws UnitError `unknown_unit`. */
  dependents(unit: string): readonly DependencySnapshot[] {
    return readDependents(this.#state, this.#known(unit));
  }

  /** All units, those that are only named among them, sorted by name or in the order in which they were first named. */
  list(order: 'name' | 'registration' = 'name'): readonly UnitSnapshot[] {
    return readUnits(this.#state, order);
  }

  /** The whole state as of the latest event. */
  snapshot(): ManagerSnapshot {
    return readSnapshot(this.#state, this.seq);
  }

  #known(unit: string): number {
    const node = this.#state.units.find(unit);
    if (node === undefined) throw UnitError.unknownUnit(parseUnitId(unit));
    return node;
  }

  #registered(unit: string): number {
    const node = this.#known(unit);
    if (this.#state.units.statusOf(node) === null) throw UnitError.unknownUnit(unit);
    return node;
  }

  /** Checks a declaration and makes room in the graph for it. Nothing of that can be seen from outside. */
  #prepareEdge(
    unit: UnitId,
    dependent: number | undefined,
    { dependsOn, requires }: DependencyDeclaration,
  ): CheckedDeclaration {
    const { units, graph } = this.#state;
    parseChoice('invalid_requirement', requires, REQUIREMENTS);
    if (dependsOn === unit) throw UnitError.cycle(unit, [unit, unit]);
    const dependency = units.find(dependsOn);
    if (dependency === undefined) return { dependsOn: parseUnitId(dependsOn), dependency, requires };
    // No circle leads through a new name: nothing depends on it, or it depends on nothing.
    const circle = dependent === undefined ? null : graph.prepareEdge(dependent, dependency);
    if (circle === null) return { dependsOn: units.idOf(dependency), dependency, requires };
    throw UnitError.cycle(
      unit,
      circle.map((node) => units.idOf(node)),
    );
  }

  #setDependency(dependent: number, { dependsOn, requires, dependency: checked }: CheckedDeclaration): void {
    const { units, graph } = this.#state;
    const dependency = checked ?? units.find(dependsOn) ?? NONE; // The same call may have made a new name known by now.
    const edge = dependency === NONE ? NONE : graph.findEdge(dependent, dependency);
    const replaces = edge === NONE ? undefined : graph.requirementOf(edge);
    if (replaces === requires) return;
    const event: DependencySet = {
      seq: this.seq + 1,
      at: this.#now(),
      unit: units.idOf(dependent),
      type: 'dependency_set',
      dependsOn,
      requires,
    };
    this.#commit(replaces === undefined ? event : { ...event, replaces }, dependent, dependency);
  }

  #commitRegistered(unit: UnitId, node = NONE): void {
    this.#commit({ seq: this.seq + 1, at: this.#now(), unit, type: 'registered' }, node);
  }

  #commit(event: UnitEvent, node: number, dependency?: number): void {
    this.#state.apply(event, node, dependency);
    this.#log.append(event);
    this.#notifier.enqueueEvent(event);
  }

  /** Ends an operation: skips what has become impossible, breadth first, then tells everyone. */
  #settle(): void {
    for (const edge of this.#impossibleEdges) this.#skipDependent(edge);
    this.#impossibleEdges = [];
    this.#notifier.flush();
  }

  #skipDependent(edge: number): void {
    const { units, graph } = this.#state;
    const node = graph.dependentOf(edge);
    if (units.statusOf(node) !== 'pending') return;
    const event: Completed = {
      seq: this.seq + 1,
      at: this.#now(),
      unit: units.idOf(node),
      type: 'completed',
      run: units.runOf(node) + 1,
      outcome: 'skipped',
      because: Object.freeze({ dependsOn: units.idOf(graph.dependencyOf(edge)), requires: graph.requirementOf(edge) }),
    };
    this.#commit(event, node);
  }
}

/** Whoever gave it may change theirs. */
function ownCopy(event: UnitEvent): UnitEvent {
  if (event.type !== 'completed' || event.because === undefined) return { ...event };
  return { ...event, because: Object.freeze({ ...event.because }) };
}

function parseChoice<T extends string>(
  code: 'invalid_requirement' | 'invalid_outcome',
  value: T,
  choices: readonly T[],
): T {
  if (!choices.includes(value)) throw UnitError.invalidChoice(code, value, choices);
  return value;
}
