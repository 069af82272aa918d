/** What the environment of a run is made of. */
export interface EnvironmentParts {
  readonly base: Readonly<Record<string, string | undefined>>;
  readonly own: Readonly<Record<string, string>>;
  readonly socketPath: string | undefined;
  readonly unit: string | null;
  readonly run: number;
  readonly runId: string;
  readonly token: string | null;
  readonly dataDir: string;
  readonly binDir: string;
}

/** For an environment without PATH: where POSIX systems keep their commands. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of a run. `MUSTER_*` always describes this run, whatever the base or the script say. */
export function scriptEnvironment(parts: EnvironmentParts): Record<string, string> {
  const env = new Map<string, string>();
  for (const [name, value] of Object.entries({ ...parts.base, ...parts.own })) {
    if (value !== undefined) env.set(name, value);
  }
  env.set('PATH', `${parts.binDir}:${env.get('PATH') ?? DEFAULT_PATH}`);
  env.set('MUSTER_RUN_ID', parts.runId);
  env.set('MUSTER_RUN', String(parts.run));
  env.set('MUSTER_SCRIPT_DATA_DIR', parts.dataDir);
  env.set('MUSTER_SCRIPT_BIN_DIR', parts.binDir);
  setOrDelete(env, 'MUSTER_UNIT', parts.unit);
  setOrDelete(env, 'MUSTER_TOKEN', parts.token);
  setOrDelete(env, 'MUSTER_SOCKET', parts.socketPath ?? null);
  return Object.fromEntries(env);
}

function setOrDelete(env: Map<string, string>, name: string, value: string | null): void {
  if (value === null) env.delete(name);
  else env.set(name, value);
}
