import { median, short, withQuartiles } from './statistics.ts';
import { printTable } from './table.ts';

/** Somebody who does the same work as the others. */
export interface Contender {
  readonly name: string;
  /** Does the work once, and tells the figure. */
  readonly measure: () => number | Promise<number>;
  /** How its figure shall stand to that of the floor. */
  readonly goal?: Goal | readonly Goal[];
}

/** A bound for the ratio to another contender, by default the floor; `of: 'itself'` bounds the figure and no ratio. */
export interface Goal {
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly of?: string;
}

/** What to compare, and how it is shown. The first contender is the floor. */
export interface Comparison {
  readonly title: string;
  /** Of the figures, as in `ms`. */
  readonly unit: string;
  readonly rounds: number;
  readonly contenders: readonly Contender[];
}

/** Every figure, by contender and in the order of the rounds. */
type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * Measures all contenders in each round, in another order each time, after one round that does not count; prints medians, spreads
 * (least to most) and ratios. A ratio is taken inside each round, since a machine drifts; the median of them is shown and judged,
 * and their quartiles beside it: a goal that lies between these is neither safely reached nor safely missed.
 */
export async function compare(comparison: Comparison): Promise<Samples> {
  const samples = await takeTurns(comparison);
  const [floor] = comparison.contenders;
  const rows = comparison.contenders.map((contender) => {
    const values = samples.get(contender.name) ?? [];
    return {
      who: contender.name,
      [`median ${comparison.unit}`]: short(median(values)),
      spread: `${short(Math.min(...values))} to ${short(Math.max(...values))}`,
      '× floor': withQuartiles(ratios(samples, contender.name, floor?.name ?? '')),
      goal: judge(samples, contender, floor?.name ?? ''),
    };
  });
  printTable(`${comparison.title} (${comparison.rounds} rounds)`, rows);
  return samples;
}

async function takeTurns({ rounds, contenders }: Comparison): Promise<Samples> {
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, measure } of inTurn(contenders, round)) {
      const value = await measure();
      if (round > 0) samples.get(name)?.push(value);
    }
  }
  return samples;
}

/** Goes both ways from each of them in turn, so that nobody always comes first or always follows the same one. */
function inTurn(contenders: readonly Contender[], round: number): readonly Contender[] {
  const first = Math.floor(round / 2) % contenders.length;
  const turned = [...contenders.slice(first), ...contenders.slice(0, first)];
  return round % 2 === 0 ? turned : turned.toReversed();
}

function ratios(samples: Samples, name: string, base: string): readonly number[] {
  const others = samples.get(base) ?? [];
  return (samples.get(name) ?? []).map((value, round) => value / (others[round] ?? Number.NaN));
}

function judge(samples: Samples, { name, goal = [] }: Contender, floor: string): string {
  return [goal]
    .flat()
    .map((each) => judgeOne(samples, { name, goal: each }, floor))
    .join('; ');
}

function judgeOne(samples: Samples, { name, goal }: { name: string; goal: Goal }, floor: string): string {
  const { atMost = Number.POSITIVE_INFINITY, atLeast = 0, of = floor } = goal;
  const all = of === 'itself' ? (samples.get(name) ?? []) : ratios(samples, name, of);
  const reached = median(all);
  const bound = goal.atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  const isGood = reached <= atMost && reached >= atLeast;
  if (of === floor) return `${bound}: ${verdict(isGood)}`;
  const base = of === 'itself' ? 'in absolute terms' : `of "${of}"`;
  return `${bound} ${base}: ${verdict(isGood, withQuartiles(all))}`;
}

/** How a table says whether a goal is reached. @param figure What was judged, where no other column says it. */
export function verdict(reached: boolean, figure?: string): string {
  return `${figure === undefined ? '' : `${figure}, `}${reached ? 'reached' : 'MISSED'}`;
}
