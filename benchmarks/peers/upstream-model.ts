import type { GrowingGraph } from './graph-libraries.ts';

interface ModelUnit {
  readonly name: string;
  /** What it depends on. */
  readonly dependencies: Set<ModelUnit>;
  readonly dependents: Set<ModelUnit>;
  isCompleted: boolean;
  isReady: boolean;
}

/**
 * A model of how upstream keeps its graph, in our own code and after what is published of it: a depth-first search through the
 * whole graph for each edge, and for each change a new count of all dependencies of every unit concerned. It is not upstream's
 * program. Where they differ, the model does less: it visits no unit twice in one search, takes no locks, and finds an edge
 * without composing a text as its key.
 */
export class UpstreamModel implements GrowingGraph {
  readonly #units = new Map<string, ModelUnit>();

  addUnit(name: string): void {
    const unit: ModelUnit = {
      name,
      dependencies: new Set(),
      dependents: new Set(),
      isCompleted: false,
      isReady: true,
    };
    this.#units.set(name, unit);
  }

  addChecked(unit: string, dependsOn: string): void {
    const from = this.#find(unit);
    const to = this.#find(dependsOn);
    if (reaches(to, from)) throw new Error(`adding edge (${unit} -> ${dependsOn}): cycle detected`);
    from.dependencies.add(to);
    to.dependents.add(from);
    recount(from);
  }

  /** Completes a unit, and tells anew of each of its dependents whether it is ready. */
  complete(name: string): void {
    const unit = this.#find(name);
    unit.isCompleted = true;
    for (const dependent of unit.dependents) recount(dependent);
  }

  /** Whether all that the unit depends on is completed. */
  isReady(name: string): boolean {
    return this.#find(name).isReady;
  }

  #find(name: string): ModelUnit {
    const unit = this.#units.get(name);
    if (unit === undefined) throw new Error(`unit not found: ${name}`);
    return unit;
  }
}

function reaches(start: ModelUnit, goal: ModelUnit): boolean {
  const seen = new Set([start]);
  const stack = [start];
  for (let unit = stack.pop(); unit !== undefined; unit = stack.pop()) {
    if (unit === goal) return true;
    for (const next of unit.dependencies) {
      if (seen.has(next)) continue;
      seen.add(next);
      stack.push(next);
    }
  }
  return false;
}

function recount(unit: ModelUnit): void {
  let unmet = 0;
  for (const dependency of unit.dependencies) if (!dependency.isCompleted) unmet += 1;
  unit.isReady = unmet === 0;
}
