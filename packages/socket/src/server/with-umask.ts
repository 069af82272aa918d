/** Runs a synchronous step under a umask. Nothing else of this process can run meanwhile. */
export function withUmask<T>(mask: number, step: () => T): T {
  const before = process.umask(mask);
  try {
    return step();
  } finally {
    process.umask(before);
  }
}
