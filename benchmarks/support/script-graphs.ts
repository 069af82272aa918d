/** A graph of scripts that do nothing, as the runners of `overhead` get it: a file with JSON. */
export interface ScriptGraph {
  /** One folder for the output of each script, and for what a runner needs besides. */
  readonly folder: string;
  readonly concurrency: number;
  /** Script → those that must have succeeded before; in an order in which all can run. */
  readonly scripts: readonly { readonly id: string; readonly needs: readonly string[] }[];
}

/** Scripts side by side in the middle of a diamond. */
const WIDTH = 8;

/** The shapes by name: numbers of the scripts that a script needs. */
export const SCRIPT_SHAPES = {
  wide: () => [],
  /** 1, 8, 1, 8, …, each the end of the one before. */
  diamonds: (script: number) => {
    const place = script % (WIDTH + 1);
    if (place > 0) return [script - place];
    return script === 0 ? [] : Array.from({ length: WIDTH }, (_, index) => script - WIDTH + index);
  },
  chain: (script: number) => (script === 0 ? [] : [script - 1]),
} as const satisfies Record<string, (script: number) => readonly number[]>;

export type ScriptShape = keyof typeof SCRIPT_SHAPES;

/** @param count How many scripts. */
export function scriptsOf(shape: ScriptShape, count: number): ScriptGraph['scripts'] {
  const needsOf: (script: number) => readonly number[] = SCRIPT_SHAPES[shape];
  return Array.from({ length: count }, (_, script) => ({
    id: `s${script}`,
    needs: needsOf(script).map((other) => `s${other}`),
  }));
}
