import { type Check, ok, problem } from '../finding.ts';

/** The oldest Node that Muster supports: `engines` of its packages. */
const LEAST = { major: 22, minor: 18 };

/** Whether this Node is one that Muster supports. @param version As `process.versions.node`. */
export function nodeVersionCheck(version: string = process.versions.node): Check {
  return {
    id: 'node',
    run: () => {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const isEnough = major > LEAST.major || (major === LEAST.major && minor >= LEAST.minor);
      if (isEnough) return ok(`This is Node ${version}.`);
      const least = `${LEAST.major}.${LEAST.minor}`;
      return problem(`This is Node ${version}; Muster needs ${least} or later.`, 'Install a newer Node.');
    },
  };
}
