/**
 * Variables that mean this process alone: the protocols of service managers (sd_notify(3), sd_listen_fds(3)) and of
 * Node's child processes. A script that inherited them would speak for the agent.
 */
const PRIVATE = new Set([
  'NOTIFY_SOCKET',
  'WATCHDOG_USEC',
  'WATCHDOG_PID',
  'LISTEN_FDS',
  'LISTEN_PID',
  'LISTEN_FDNAMES',
  'INVOCATION_ID',
  'JOURNAL_STREAM',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'NODE_UNIQUE_ID',
]);

/**
 * The environment of scripts before the runner adds its `MUSTER_*`: the agent's own without what means the agent alone
 * and without any `MUSTER_*` of an outer agent, and then the manifest's.
 */
export function scriptEnvironment(
  own: NodeJS.ProcessEnv,
  manifest: Readonly<Record<string, string>>,
): Record<string, string> {
  const inherited = Object.entries(own).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !PRIVATE.has(entry[0]) && !entry[0].startsWith('MUSTER_'),
  );
  return { ...Object.fromEntries(inherited), ...manifest };
}
