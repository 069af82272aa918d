import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds in memory, in MB (10^6 bytes). Linux only. */
export interface Memory {
  readonly resident: number;
  /** What would be free without it. */
  readonly private: number;
}

export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const mb = (value: number): number => (value * 1024) / 1e6;
  return { resident: mb(kib('Rss')), private: mb(kib('Private_Clean') + kib('Private_Dirty')) };
}

/** The most that was ever resident, in MB. */
export function peakOf(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kib) * 1024) / 1e6;
}

/** How often the threads of a process were switched to or from: each wake-up of an idle one is a switch. */
export function switchesOf(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => sum + switchesOfThread(`/proc/${pid}/task/${task}/status`), 0);
}

function switchesOfThread(path: string): number {
  const matches = readFileSync(path, 'utf8').matchAll(/ctxt_switches:\s+(\d+)/g);
  return [...matches].reduce((sum, [, count]) => sum + Number(count), 0);
}
