/** As `engines` in package.json says. */
const OLDEST = [22, 18] as const;

/** What to say where Node is too old, since everything that is loaded later would fail in strange ways; else null. */
export function oldNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `muster-agent: it needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}\nRun it with a newer Node.\n`;
}
