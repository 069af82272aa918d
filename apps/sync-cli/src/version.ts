declare const MUSTER_VERSION: string | undefined; // Put in by the bundler.

/** The version of this command, or `source` where it runs unbundled. */
export function version(): string {
  return typeof MUSTER_VERSION === 'string' ? MUSTER_VERSION : 'source';
}
