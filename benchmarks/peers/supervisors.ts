import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { CLEAN_ENV } from '../support/environment.ts';
import type { Place } from '../support/place.ts';

/** A supervisor of this system, running and with nothing to supervise. */
export interface RunningSupervisor extends Disposable {
  readonly pid: number;
}

/** A supervisor that a system may have. */
export interface Supervisor {
  /** Its command. */
  readonly name: string;
  /** How to get it. */
  readonly install: string;
  readonly start: (place: Place) => RunningSupervisor;
}

const PM2 = 'pm2';

/** Each writes its state to the place that it is given. */
export const SUPERVISORS: readonly Supervisor[] = [
  {
    name: 's6-svscan',
    install: 'apt-get install s6',
    start: (place) => {
      const folder = place.path('services');
      mkdirSync(folder);
      return running(['s6-svscan', folder]);
    },
  },
  {
    name: 'supervisord',
    install: 'apt-get install supervisor',
    start: (place) => {
      const settings = ['[supervisord]', 'nodaemon=true', 'logfile=/dev/null', 'logfile_maxbytes=0'];
      const file = place.write('supervisord.conf', `${settings.join('\n')}\npidfile=${place.path('pid')}\n`);
      return running(['supervisord', '-c', file]);
    },
  },
  { name: PM2, install: 'npm install --global pm2', start: startPm2 },
];

function running([command = '', ...rest]: readonly string[]): RunningSupervisor {
  const child = spawn(command, rest, { env: CLEAN_ENV, stdio: 'ignore' });
  return { pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

/** Any command starts its daemon, which ends only when it is told to. */
function startPm2(place: Place): RunningSupervisor {
  const home = place.path('pm2');
  const call = (word: string) => execFileSync(PM2, [word], { env: { ...CLEAN_ENV, PM2_HOME: home }, stdio: 'ignore' });
  call('ping');
  return { pid: Number(readFileSync(`${home}/pm2.pid`, 'utf8')), [Symbol.dispose]: () => void call('kill') };
}
