import type { Palette } from '../render/color.ts';
import { visible } from '../render/names.ts';
import { FINDING_STATUSES, type Finding, type FindingStatus } from './finding.ts';

/** A finding with the check that it is of. */
export interface CheckedFinding extends Finding {
  readonly id: string;
}

const MARKS: Readonly<Record<FindingStatus, string>> = { ok: '✓', warning: '!', problem: '✗', unknown: '?' };

const PLURALS: Readonly<Record<FindingStatus, string>> = {
  ok: 'ok',
  warning: 'warnings',
  problem: 'problems',
  unknown: 'unknown',
};

/** The findings for people: a line each, its remedy below it, and the sum. */
export function findingsText(findings: readonly CheckedFinding[], colors: Palette): string {
  const width = Math.max(0, ...findings.map(({ id }) => id.length));
  return `${findings.map((each) => findingText(each, width, colors)).join('')}\n${sum(findings)}\n`;
}

/** Only what needs a person, one line each. */
export function troubleText(findings: readonly CheckedFinding[]): string {
  return findings
    .filter(({ status }) => status === 'warning' || status === 'problem')
    .map(({ id, status, finding }) => `${MARKS[status]} ${id}: ${visible(finding)}\n`)
    .join('');
}

function findingText({ id, status, finding, remedy }: CheckedFinding, width: number, colors: Palette): string {
  const line = `${paint(status, colors)(MARKS[status])} ${id.padEnd(width)}  ${visible(finding)}\n`;
  return remedy === null ? line : `${line}${' '.repeat(width + 4)}→ ${visible(remedy)}\n`;
}

/** `10 ok, 1 warning, 1 problem`. */
function sum(findings: readonly CheckedFinding[]): string {
  return FINDING_STATUSES.flatMap((status) => {
    const count = findings.filter((each) => each.status === status).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? status : PLURALS[status]}`];
  }).join(', ');
}

function paint(status: FindingStatus, colors: Palette): (text: string) => string {
  switch (status) {
    case 'ok':
      return colors.good;
    case 'warning':
      return colors.busy;
    case 'problem':
      return colors.bad;
    case 'unknown':
      return colors.faint;
    default:
      return status satisfies never;
  }
}
