import { REQUIREMENTS, type Requirement } from '../status.ts';
import { Adjacency, NONE } from './adjacency.ts';
import { grow } from './grow.ts';
import { OrderList } from './order-list.ts';
import { TwoWaySearch } from './two-way-search.ts';

export { NONE } from './adjacency.ts';

const KINDS = REQUIREMENTS.length;

/**
 * The edges between units, numbered from 0 like the units themselves: *dependent → dependency*, acyclic at all times.
 *
 * A total order in which every unit comes behind its dependencies is kept up to date with each edge, so that most edges
 * need no search at all and the others a small one (see {@link TwoWaySearch}). Edges are never removed.
 */
export class DependencyGraph {
  readonly #order = new OrderList();
  readonly #dependencies = new Adjacency(1);
  /** Kept apart by what they require, so that a change visits only those it concerns. */
  readonly #dependents = new Adjacency(KINDS);
  readonly #search = new TwoWaySearch(this.#order, this.#dependents, this.#dependencies);
  #requirement = new Uint8Array(64);
  #edgeCount = 0;

  get edgeCount(): number {
    return this.#edgeCount;
  }

  addNode(): number {
    const node = this.#order.append();
    this.#dependencies.reserveNode(node);
    this.#dependents.reserveNode(node);
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
    const kind = REQUIREMENTS.indexOf(requires);
    this.#edgeCount += 1;
    if (edge === this.#requirement.length) this.#requirement = grow(this.#requirement, Uint8Array);
    this.#requirement[edge] = kind;
    this.#dependencies.add(edge, dependent, dependency);
    this.#dependents.add(edge, dependency * KINDS + kind, dependent);
    return edge;
  }

  /** The edge between two nodes, or {@link NONE}. Takes as long as the shorter of the two lists of edges. */
  findEdge(dependent: number, dependency: number): number {
    if (this.#dependencies.degree(dependent) <= this.#dependents.degree(dependency)) {
      for (let edge = this.firstDependency(dependent); edge !== NONE; edge = this.nextDependency(edge)) {
        if (this.dependencyOf(edge) === dependency) return edge;
      }
      return NONE;
    }
    for (const requires of REQUIREMENTS) {
      for (let edge = this.firstDependent(dependency, requires); edge !== NONE; edge = this.nextDependent(edge)) {
        if (this.dependentOf(edge) === dependent) return edge;
      }
    }
    return NONE;
  }

  changeRequirement(edge: number, requires: Requirement): void {
    const kind = REQUIREMENTS.indexOf(requires);
    const lists = this.dependencyOf(edge) * KINDS;
    this.#dependents.move(edge, lists + (this.#requirement[edge] as number), lists + kind);
    this.#requirement[edge] = kind;
  }

  dependentOf(edge: number): number {
    return this.#dependents.target(edge);
  }

  dependencyOf(edge: number): number {
    return this.#dependencies.target(edge);
  }

  requirementOf(edge: number): Requirement {
    return REQUIREMENTS[this.#requirement[edge] as number] as Requirement;
  }

  /** The edges to the dependencies of a node: `for (let e = firstDependency(n); e !== NONE; e = nextDependency(e))`. */
  firstDependency(node: number): number {
    return this.#dependencies.first(node);
  }

  nextDependency(edge: number): number {
    return this.#dependencies.next(edge);
  }

  /** The edges from the dependents of a node that have one requirement, in the order in which they got it. */
  firstDependent(node: number, requires: Requirement): number {
    return this.#dependents.first(node * KINDS + REQUIREMENTS.indexOf(requires));
  }

  nextDependent(edge: number): number {
    return this.#dependents.next(edge);
  }
}
