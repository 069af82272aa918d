import { REQUIREMENTS, type Requirement } from '../status.ts';
import { grow } from './grow.ts';
import { OrderList } from './order-list.ts';
import { TwoWaySearch } from './two-way-search.ts';

/** No edge. */
export const NONE = -1;

const KINDS = REQUIREMENTS.length;

/**
 * The edges between units, numbered from 0 like the units themselves: *dependent → dependency*, acyclic at all times.
 *
 * A total order in which every unit comes behind its dependencies is kept up to date with each edge, so that most edges
 * need no search at all and the others a small one (see {@link TwoWaySearch}). Edges are never removed.
 */
export class DependencyGraph {
  readonly #order = new OrderList();
  readonly #search = new TwoWaySearch(
    this.#order,
    {
      first: (node) => this.#firstDependentFrom(node * KINDS),
      next: (edge) => this.#nextDependentOfAnyKind(edge),
      target: (edge) => this.dependentOf(edge),
    },
    {
      first: (node) => this.firstDependency(node),
      next: (edge) => this.nextDependency(edge),
      target: (edge) => this.dependencyOf(edge),
    },
  );
  #nodeCount = 0;
  #edgeCount = 0;

  // Per node; lists of dependents are kept apart by what they require, so that a change visits only those it concerns.
  #dependencyHead = new Int32Array(64);
  #dependencyCount = new Int32Array(64);
  #dependentHead = new Int32Array(64 * KINDS);
  #dependentTail = new Int32Array(64 * KINDS);
  #dependentCount = new Int32Array(64);

  // Per edge.
  #dependent = new Int32Array(64);
  #dependency = new Int32Array(64);
  #requirement = new Uint8Array(64);
  #nextDependency = new Int32Array(64);
  #nextDependent = new Int32Array(64);

  get nodeCount(): number {
    return this.#nodeCount;
  }

  get edgeCount(): number {
    return this.#edgeCount;
  }

  addNode(): number {
    const node = this.#order.append();
    this.#nodeCount = node + 1;
    if (node === this.#dependencyHead.length) this.#growNodes();
    this.#dependencyHead[node] = NONE;
    this.#dependencyCount[node] = 0;
    this.#dependentCount[node] = 0;
    for (let kind = 0; kind < KINDS; kind += 1) {
      this.#dependentHead[node * KINDS + kind] = NONE;
      this.#dependentTail[node * KINDS + kind] = NONE;
    }
    return node;
  }

  /**
   * Makes room in the order for an edge *dependent → dependency*, without adding it.
   *
   * Edges of one dependent can be prepared one after another and added together: a path back to the dependent can't lead
   * through its own new edges.
   *
   * @returns null, or the circle that the edge would close: the dependent, the dependency, …, the dependent.
   */
  prepareEdge(dependent: number, dependency: number): number[] | null {
    if (dependent === dependency) return [dependent, dependent];
    if (this.#order.isBefore(dependency, dependent)) return null;
    return this.#search.reorder(dependent, dependency);
  }

  /** Adds an edge that does not exist yet and closes no circle: see {@link prepareEdge}. */
  addEdge(dependent: number, dependency: number, requires: Requirement): number {
    // Costs nothing for an edge that was prepared; a node that is new comes last, and moves before its dependent here.
    this.prepareEdge(dependent, dependency);
    const edge = this.#edgeCount;
    this.#edgeCount += 1;
    if (edge === this.#dependent.length) this.#growEdges();
    this.#dependent[edge] = dependent;
    this.#dependency[edge] = dependency;
    this.#nextDependency[edge] = this.#dependencyHead[dependent] as number;
    this.#dependencyHead[dependent] = edge;
    this.#dependencyCount[dependent] = (this.#dependencyCount[dependent] as number) + 1;
    this.#dependentCount[dependency] = (this.#dependentCount[dependency] as number) + 1;
    this.#appendDependent(edge, REQUIREMENTS.indexOf(requires));
    return edge;
  }

  /** The edge between two nodes, or {@link NONE}. Takes as long as the shorter of the two lists of edges. */
  findEdge(dependent: number, dependency: number): number {
    if ((this.#dependencyCount[dependent] as number) <= (this.#dependentCount[dependency] as number)) {
      for (let edge = this.firstDependency(dependent); edge !== NONE; edge = this.nextDependency(edge)) {
        if (this.#dependency[edge] === dependency) return edge;
      }
      return NONE;
    }
    for (const requires of REQUIREMENTS) {
      for (let edge = this.firstDependent(dependency, requires); edge !== NONE; edge = this.nextDependent(edge)) {
        if (this.#dependent[edge] === dependent) return edge;
      }
    }
    return NONE;
  }

  changeRequirement(edge: number, requires: Requirement): void {
    this.#removeDependent(edge);
    this.#appendDependent(edge, REQUIREMENTS.indexOf(requires));
  }

  dependentOf(edge: number): number {
    return this.#dependent[edge] as number;
  }

  dependencyOf(edge: number): number {
    return this.#dependency[edge] as number;
  }

  requirementOf(edge: number): Requirement {
    return REQUIREMENTS[this.#requirement[edge] as number] as Requirement;
  }

  /** The edges to the dependencies of a node: `for (let e = firstDependency(n); e !== NONE; e = nextDependency(e))`. */
  firstDependency(node: number): number {
    return this.#dependencyHead[node] as number;
  }

  nextDependency(edge: number): number {
    return this.#nextDependency[edge] as number;
  }

  /** The edges from the dependents of a node that have one requirement, in the order in which they got it. */
  firstDependent(node: number, requires: Requirement): number {
    return this.#dependentHead[node * KINDS + REQUIREMENTS.indexOf(requires)] as number;
  }

  nextDependent(edge: number): number {
    return this.#nextDependent[edge] as number;
  }

  #firstDependentFrom(list: number): number {
    const end = (Math.floor(list / KINDS) + 1) * KINDS;
    for (let kind = list; kind < end; kind += 1) {
      const edge = this.#dependentHead[kind] as number;
      if (edge !== NONE) return edge;
    }
    return NONE;
  }

  #nextDependentOfAnyKind(edge: number): number {
    const next = this.nextDependent(edge);
    const kind = this.#requirement[edge] as number;
    if (next !== NONE || kind === KINDS - 1) return next;
    return this.#firstDependentFrom(this.dependencyOf(edge) * KINDS + kind + 1);
  }

  #appendDependent(edge: number, kind: number): void {
    const list = this.dependencyOf(edge) * KINDS + kind;
    const tail = this.#dependentTail[list] as number;
    this.#requirement[edge] = kind;
    this.#nextDependent[edge] = NONE;
    this.#dependentTail[list] = edge;
    if (tail === NONE) this.#dependentHead[list] = edge;
    else this.#nextDependent[tail] = edge;
  }

  #removeDependent(edge: number): void {
    const list = this.dependencyOf(edge) * KINDS + (this.#requirement[edge] as number);
    let previous = NONE;
    for (let other = this.#dependentHead[list] as number; other !== edge; other = this.nextDependent(other))
      previous = other;
    const next = this.nextDependent(edge);
    if (previous === NONE) this.#dependentHead[list] = next;
    else this.#nextDependent[previous] = next;
    if (next === NONE) this.#dependentTail[list] = previous;
  }

  #growNodes(): void {
    this.#dependencyHead = grow(this.#dependencyHead, Int32Array);
    this.#dependencyCount = grow(this.#dependencyCount, Int32Array);
    this.#dependentHead = grow(this.#dependentHead, Int32Array);
    this.#dependentTail = grow(this.#dependentTail, Int32Array);
    this.#dependentCount = grow(this.#dependentCount, Int32Array);
  }

  #growEdges(): void {
    this.#dependent = grow(this.#dependent, Int32Array);
    this.#dependency = grow(this.#dependency, Int32Array);
    this.#requirement = grow(this.#requirement, Uint8Array);
    this.#nextDependency = grow(this.#nextDependency, Int32Array);
    this.#nextDependent = grow(this.#nextDependent, Int32Array);
  }
}
