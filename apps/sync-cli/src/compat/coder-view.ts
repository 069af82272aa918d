import type { DependencyInfo, UnitInfo } from '@muster/socket/protocol';
import { visible } from '../render/names.ts';
import { type Column, coderTable } from './coder-table.ts';

/** What `coder` tells of a unit. */
export type Brief = Pick<UnitInfo, 'unit' | 'status' | 'ready'>;

/** To coder every unit that nobody has registered is ready. */
function isReady({ status: reached, ready }: Brief): boolean {
  return reached === null || ready;
}

/** A unit as `coder exp sync list --output json` has it. */
export function unitJson(info: Brief) {
  return { unit_name: info.unit, status: info.status ?? '', is_ready: isReady(info) };
}

/** A unit as `coder exp sync status --output json` has it; `dependencies` is `null` where there are none. */
export function statusJson(info: Brief, dependencies: readonly DependencyInfo[]) {
  const listed = dependencies.map(({ dependsOn, requires, status: reached, satisfied }) => ({
    depends_on: dependsOn,
    required_status: requires,
    current_status: reached ?? '',
    is_satisfied: satisfied,
  }));
  return { ...unitJson(info), dependencies: listed.length === 0 ? null : listed };
}

/** A unit as `coder exp sync status` prints it. */
export function statusText(
  info: Brief,
  dependencies: readonly DependencyInfo[],
  columns: readonly Column<DependencyInfo>[],
): string {
  const head = `Unit: ${visible(info.unit)}\nStatus: ${word(info.status)}\nReady: ${isReady(info)}\n\nDependencies:\n`;
  return head + (dependencies.length === 0 ? 'No dependencies found\n' : coderTable(columns, dependencies));
}

/** The columns of `coder exp sync list`. */
export const UNIT_COLUMNS: readonly Column<UnitInfo>[] = [
  { name: 'unit', cell: ({ unit }) => unit },
  { name: 'status', cell: (info) => word(info.status) },
  { name: 'ready', cell: (info) => String(isReady(info)) },
];

/** The columns of `coder exp sync status`. */
export const DEPENDENCY_COLUMNS: readonly Column<DependencyInfo>[] = [
  { name: 'depends on', cell: ({ dependsOn }) => dependsOn },
  { name: 'required status', cell: ({ requires }) => requires },
  { name: 'current status', cell: (info) => word(info.status) },
  { name: 'satisfied', cell: ({ satisfied }) => String(satisfied) },
];

function word(reached: UnitInfo['status']): string {
  return reached ?? 'not registered';
}
