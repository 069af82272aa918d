/** The exit codes of muster-agent. From sysexits.h where it has a fitting one. */
export const EXIT = {
  /** Stopped as asked; or `check` found nothing wrong. */
  ok: 0,
  /** Stopped as asked, but a stop script failed. */
  stopFailed: 1,
  /** Options or arguments that make no sense. */
  usage: 2,
  /** A bug, or the machine is out of something: EX_SOFTWARE. */
  internal: 70,
  /** The state directory or the socket can't be made: EX_CANTCREAT. */
  cantCreate: 73,
  /** The output could not be written, as on a full disk: EX_IOERR. */
  output: 74,
  /** Another agent owns the socket: EX_TEMPFAIL. */
  inUse: 75,
  /** The manifest is unreadable or wrong: EX_CONFIG. */
  badManifest: 78,
  /** Stopped as asked, but the stop scripts took too long: as timeout(1) does. */
  stopTimedOut: 124,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
