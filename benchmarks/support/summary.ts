import { appendFileSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Names the file that gathers the verdicts of a run; its name keeps it out of the environment of what is timed. */
export const VERDICTS_FILE = 'MUSTER_BENCH_VERDICTS';

/** One line of the summary: which question, which table of it, whose row, the figure that counts, the goal and how it ended. */
interface Verdict extends Readonly<Record<string, string>> {
  readonly question: string;
  readonly table: string;
  readonly who: string;
  readonly figure: string;
  readonly goal: string;
  readonly verdict: string;
}

/** Keeps what the goals of a row came to, where a run of several questions gathers that: `GOAL: FIGURE, VERDICT; GOAL: …`. */
export function noteVerdicts(table: string, row: Readonly<Record<string, string | number>>): void {
  const file = process.env[VERDICTS_FILE];
  if (file === undefined) return;
  const question = basename(process.argv[1] ?? '', '.ts');
  const [first] = Object.values(row);
  const who = typeof first === 'string' ? first : '';
  const goals = [...String(row.goal ?? '').matchAll(/(?:^|; )(.+?): (?:([^;]+), )?(reached|MISSED)/g)];
  for (const [, goal = '', figure, verdict = ''] of goals) {
    const ratio = goals.length === 1 ? String(row['× floor'] ?? '') : '';
    const line: Verdict = { question, table, who, figure: figure ?? ratio, goal, verdict };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}

/** All verdicts in the file, in the order in which they were noted; none where it does not exist. */
export function verdictsIn(file: string): readonly Verdict[] {
  return readFileSync(file, { encoding: 'utf8', flag: 'a+' })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
