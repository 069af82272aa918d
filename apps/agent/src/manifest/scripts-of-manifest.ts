import { resolve } from 'node:path';
import type { Script, Trigger } from '@muster/scripts';
import { parseDuration } from '../duration.ts';
import { unmark } from './plain-manifest.ts';
import type { ManifestDocument, ManifestScript } from './schema.ts';

/** The scripts of a manifest in its order, with absolute paths, defaults filled in and dependencies as unit names. */
export function toScripts(document: ManifestDocument, directory: string): Script[] {
  const entries = Object.entries(document.scripts).map(([key, script]) => ({ key: unmark(key), script }));
  const unitNames = unitNamesOf(entries);
  return entries.map(({ key, script }) => ({
    ...optional(script, directory),
    id: key,
    displayName: script.name ?? key,
    script: script.run,
    triggers: triggersOf(script),
    shell: script.shell ?? document.shell ?? 'sh',
    cwd: resolve(directory, script.cwd ?? '.'),
    env: textEnvironment(script.env),
    needs: list(script.needs).map((name) => unitNames.get(name) ?? name),
    after: list(script.after).map((name) => unitNames.get(name) ?? name),
  }));
}

/** The values of an environment as text, with their real names. */
export function textEnvironment(env: ManifestScript['env']): Record<string, string> {
  return Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [unmark(name), String(value)]));
}

function optional(script: ManifestScript, directory: string): Partial<Script> {
  const timeout = script.timeout === undefined ? null : parseDuration(String(script.timeout));
  return {
    ...(script.cron === undefined ? {} : { cron: script.cron }),
    ...(script.timezone === undefined ? {} : { timezone: script.timezone }),
    ...(timeout === null ? {} : { timeoutMs: timeout }),
    ...(script.log === undefined ? {} : { logPath: resolve(directory, script.log) }),
    ...(script.output === undefined ? {} : { output: script.output }),
    ...(script.address === undefined ? {} : { resourceAddress: script.address }),
  };
}

/** With a cron pattern and no `on`, a script runs on schedule only; with neither, at the start. */
function triggersOf({ on, cron }: ManifestScript): Trigger[] {
  const scheduled: Trigger[] = cron === undefined ? [] : ['cron'];
  if (on === undefined) return cron === undefined ? ['start'] : scheduled;
  return [...new Set([...list(on), ...scheduled])];
}

/**
 * From the keys of scripts to the names of their units. A dependency names a unit; the key of a script stands for its
 * unit where no unit has that name itself.
 */
function unitNamesOf(entries: readonly { key: string; script: ManifestScript }[]): Map<string, string> {
  const units = new Set(entries.map(({ key, script }) => script.address ?? script.name ?? key));
  const keys = entries.filter(({ key }) => !units.has(key));
  return new Map(keys.map(({ key, script }) => [key, script.address ?? script.name ?? key]));
}

function list<T extends string>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
