import type { NpmPeers } from '../support/npm-peers.ts';

/** A graph of units to which edges are added one by one. */
export interface GrowingGraph {
  addUnit(name: string): void;
  /** Adds an edge unless it closes a cycle. @throws Error where it does. */
  addChecked(unit: string, dependsOn: string): void;
}

/** A library: it can add an edge without a look at the others, and sort all units in the end. */
export interface GraphLibrary extends GrowingGraph {
  add(unit: string, dependsOn: string): void;
  /** @returns how many units the order has. */
  sort(): number;
}

/** The libraries of npm by name; each checks in the way that its own functions suggest. */
export function graphLibraries(npm: NpmPeers): ReadonlyMap<string, () => GraphLibrary> {
  return new Map<string, () => GraphLibrary>([
    ['dependency-graph', dependencyGraph(npm)],
    ['graphology', graphology(npm)],
    ['@dagrejs/graphlib', graphlib(npm)],
    ['toposort', toposort(npm)],
  ]);
}

interface DepGraph {
  addNode(name: string): void;
  addDependency(from: string, to: string): void;
  /** Throws where it comes round. */
  dependenciesOf(name: string): readonly string[];
  overallOrder(): readonly string[];
}

function dependencyGraph(npm: NpmPeers): () => GraphLibrary {
  const { DepGraph } = npm.load<{ DepGraph: new () => DepGraph }>('dependency-graph');
  return () => {
    const graph = new DepGraph();
    return {
      addUnit: (name) => graph.addNode(name),
      add: (unit, dependsOn) => graph.addDependency(unit, dependsOn),
      addChecked: (unit, dependsOn) => {
        graph.addDependency(unit, dependsOn);
        graph.dependenciesOf(unit);
      },
      sort: () => graph.overallOrder().length,
    };
  };
}

interface DirectedGraph {
  addNode(name: string): void;
  addDirectedEdge(source: string, target: string): void;
}

interface GraphologyDag {
  willCreateCycle(graph: DirectedGraph, source: string, target: string): boolean;
  topologicalSort(graph: DirectedGraph): readonly string[];
}

/** Its sort puts sources first, so dependencies are sources here. */
function graphology(npm: NpmPeers): () => GraphLibrary {
  const { DirectedGraph } = npm.load<{ DirectedGraph: new () => DirectedGraph }>('graphology');
  const { willCreateCycle, topologicalSort } = npm.load<GraphologyDag>('graphology-dag');
  return () => {
    const graph = new DirectedGraph();
    return {
      addUnit: (name) => graph.addNode(name),
      add: (unit, dependsOn) => graph.addDirectedEdge(dependsOn, unit),
      addChecked: (unit, dependsOn) => {
        if (willCreateCycle(graph, dependsOn, unit)) throw new Error('a cycle');
        graph.addDirectedEdge(dependsOn, unit);
      },
      sort: () => topologicalSort(graph).length,
    };
  };
}

interface Graphlib {
  readonly Graph: new () => GraphlibGraph;
  readonly alg: {
    isAcyclic(graph: GraphlibGraph): boolean;
    topsort(graph: GraphlibGraph): readonly string[];
  };
}

interface GraphlibGraph {
  setNode(name: string): void;
  setEdge(from: string, to: string): void;
}

function graphlib(npm: NpmPeers): () => GraphLibrary {
  const { Graph, alg } = npm.load<Graphlib>('@dagrejs/graphlib');
  return () => {
    const graph = new Graph();
    return {
      addUnit: (name) => graph.setNode(name),
      add: (unit, dependsOn) => graph.setEdge(dependsOn, unit),
      addChecked: (unit, dependsOn) => {
        graph.setEdge(dependsOn, unit);
        if (!alg.isAcyclic(graph)) throw new Error('a cycle');
      },
      sort: () => alg.topsort(graph).length,
    };
  };
}

interface Toposort {
  array(nodes: readonly string[], edges: readonly (readonly [string, string])[]): readonly string[];
}

/** It keeps nothing, so each check is a sort of what is there. */
function toposort(npm: NpmPeers): () => GraphLibrary {
  const { array } = npm.load<Toposort>('toposort');
  return () => {
    const units: string[] = [];
    const edges: [string, string][] = [];
    return {
      addUnit: (name) => void units.push(name),
      add: (unit, dependsOn) => void edges.push([dependsOn, unit]),
      addChecked: (unit, dependsOn) => {
        edges.push([dependsOn, unit]);
        array(units, edges);
      },
      sort: () => array(units, edges).length,
    };
  };
}
