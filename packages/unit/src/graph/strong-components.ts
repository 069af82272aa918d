/**
 * The groups of names that reach each other, each as large as can be; a name that reaches no other way back is one by itself.
 * Tarjan's algorithm ("Depth-First Search and Linear Graph Algorithms", 1972), without recursion, so that a chain of any
 * length fits.
 */
export function strongComponents(names: Iterable<string>, next: (name: string) => Iterable<string>): string[][] {
  const search = new Search(next);
  for (const name of names) search.from(name);
  return search.components;
}

interface Visit {
  readonly name: string;
  readonly neighbours: Iterator<string>;
  readonly number: number;
  /** The smallest number that can be reached from here and is still open. */
  low: number;
}

class Search {
  readonly components: string[][] = [];
  readonly #next: (name: string) => Iterable<string>;
  readonly #visits = new Map<string, Visit>();
  /** Visited, and not in a component yet. */
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();

  constructor(next: (name: string) => Iterable<string>) {
    this.#next = next;
  }

  from(start: string): void {
    if (this.#visits.has(start)) return;
    const path = [this.#visit(start)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const { value: neighbour, done } = visit.neighbours.next();
      if (!done) this.#follow(visit, neighbour, path);
      else this.#leave(path);
    }
  }

  #visit(name: string): Visit {
    const number = this.#visits.size;
    const visit = { name, neighbours: this.#next(name)[Symbol.iterator](), number, low: number };
    this.#visits.set(name, visit);
    this.#open.push(name);
    this.#isOpen.add(name);
    return visit;
  }

  #follow(visit: Visit, neighbour: string, path: Visit[]): void {
    const known = this.#visits.get(neighbour);
    if (known === undefined) path.push(this.#visit(neighbour));
    else if (this.#isOpen.has(neighbour)) visit.low = Math.min(visit.low, known.number);
  }

  #leave(path: Visit[]): void {
    const visit = path.pop();
    if (visit === undefined) return;
    const parent = path.at(-1);
    if (parent !== undefined) parent.low = Math.min(parent.low, visit.low);
    if (visit.low !== visit.number) return;
    const component = this.#open.splice(this.#open.lastIndexOf(visit.name));
    for (const name of component) this.#isOpen.delete(name);
    this.components.push(component);
  }
}
