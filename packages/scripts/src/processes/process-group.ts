import { errorCode } from '../run/failure-reason.ts';

/**
 * Sends a signal to a process group.
 *
 * @returns Whether there was anybody to get it. Zombies count, so this is no proof of life.
 */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  // kill(-0) would be our own group, and kill(-1) everybody.
  return Number.isInteger(group) && group > 1 && send(-group, signal);
}

/** Whether nobody is left in a process group, zombies included. */
export function isEmptyGroup(group: number): boolean {
  try {
    process.kill(-group, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH'; // EPERM: there is somebody, of another user.
  }
}

/** Sends a signal to one process; `false` when it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  return Number.isInteger(pid) && pid > 1 && send(pid, signal);
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM: there is somebody, of another user, whom we can't end.
    if (errorCode(error) === 'ESRCH' || errorCode(error) === 'EPERM') return false;
    throw error;
  }
}
