/** What a walk over a graph finds. */
export interface GraphWalk {
  /**
   * Circles, each as its nodes in order, first and last the same. Every node that is on a circle is on at least one of these,
   * or leads into one.
   */
  readonly cycles: readonly string[][];
  /** Every node once, those that it has edges to before it, as far as circles let that be. */
  readonly order: readonly string[];
}

/** Visits every node that has edges, and those that they lead to. No recursion, so a chain of any length is fine. */
export function walkGraph(edges: ReadonlyMap<string, readonly string[]>): GraphWalk {
  const search: Search = { edges, state: new Map(), cycles: [], order: [] };
  for (const root of edges.keys()) {
    if (!search.state.has(root)) searchFrom(root, search);
  }
  return search;
}

interface Search {
  readonly edges: ReadonlyMap<string, readonly string[]>;
  readonly state: Map<string, 'open' | 'done'>;
  readonly cycles: string[][];
  readonly order: string[];
}

function searchFrom(root: string, { edges, state, cycles, order }: Search): void {
  const path = [root];
  const rest = [[...(edges.get(root) ?? [])]];
  state.set(root, 'open');
  for (let targets = rest.at(-1); targets !== undefined; targets = rest.at(-1)) {
    const next = targets.shift();
    if (next === undefined) {
      rest.pop();
      const done = path.pop() ?? root;
      state.set(done, 'done');
      order.push(done);
    } else if (state.get(next) === 'open') {
      cycles.push([...path.slice(path.indexOf(next)), next]);
    } else if (!state.has(next)) {
      state.set(next, 'open');
      path.push(next);
      rest.push([...(edges.get(next) ?? [])]);
    }
  }
}
