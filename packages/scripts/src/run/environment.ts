/** What the environment of a run is made of. */
export interface EnvironmentParts {
  readonly base: Readonly<Record<string, string>>;
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
  const { MUSTER_UNIT, MUSTER_TOKEN, MUSTER_SOCKET, ...others } = { ...parts.base, ...parts.own };
  return {
    ...others,
    PATH: `${parts.binDir}:${others.PATH ?? DEFAULT_PATH}`,
    MUSTER_RUN_ID: parts.runId,
    MUSTER_RUN: String(parts.run),
    MUSTER_SCRIPT_DATA_DIR: parts.dataDir,
    MUSTER_SCRIPT_BIN_DIR: parts.binDir,
    ...(parts.unit === null ? {} : { MUSTER_UNIT: parts.unit }),
    ...(parts.token === null ? {} : { MUSTER_TOKEN: parts.token }),
    ...(parts.socketPath === undefined ? {} : { MUSTER_SOCKET: parts.socketPath }),
  };
}
