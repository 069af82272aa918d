import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { isInstalled } from '../support/binaries.ts';
import { CLEAN_ENV } from '../support/environment.ts';
import { type NpmPeers, PEER_ENV } from '../support/npm-peers.ts';
import type { Place } from '../support/place.ts';

/** A supervisor of this system, running and with nothing to supervise. */
export interface RunningSupervisor extends Disposable {
  readonly pid: number;
}

/** A supervisor to compare with. */
export interface Supervisor {
  readonly name: string;
  /** Keeps its state in the place. Null where it is missing. */
  readonly start: ((place: Place) => RunningSupervisor) | null;
  /** How to get it. */
  readonly install: string;
}

/** @param npm Null where npm could not install what comes from there. */
export function supervisors(npm: NpmPeers | null): readonly Supervisor[] {
  return [
    { name: 's6-svscan', install: 'apt-get install s6', start: isInstalled('s6-svscan') ? startS6 : null },
    {
      name: 'supervisord',
      install: 'apt-get install supervisor',
      start: isInstalled('supervisord') ? startSupervisord : null,
    },
    { name: 'pm2', install: 'its packages from npm', start: npm === null ? null : (place) => startPm2(npm, place) },
  ];
}

function startS6(place: Place): RunningSupervisor {
  const folder = place.path('services');
  mkdirSync(folder);
  return running(['s6-svscan', folder]);
}

function startSupervisord(place: Place): RunningSupervisor {
  const settings = ['[supervisord]', 'nodaemon=true', 'logfile=/dev/null', 'logfile_maxbytes=0'];
  const file = place.write('supervisord.conf', `${settings.join('\n')}\npidfile=${place.path('pid')}\n`);
  return running(['supervisord', '-c', file]);
}

function running([command = '', ...rest]: readonly string[]): RunningSupervisor {
  const child = spawn(command, rest, { env: CLEAN_ENV, stdio: 'ignore' });
  return { pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

/** Any command starts its daemon, which ends only when it is told to. */
function startPm2(npm: NpmPeers, place: Place): RunningSupervisor {
  const home = place.path('pm2');
  const env = { ...PEER_ENV, PM2_HOME: home };
  const call = (word: string) => execFileSync(process.execPath, [npm.command('pm2'), word], { env, stdio: 'ignore' });
  call('ping');
  return { pid: Number(readFileSync(`${home}/pm2.pid`, 'utf8')), [Symbol.dispose]: () => void call('kill') };
}
