import { expect, test } from 'vitest';
import { stateDirectory } from '../apps/agent/src/state-directory.ts';
import { stateDirectoryOf } from '../apps/sync-cli/src/doctor/state-directory.ts';

test.each([
  ['/run/user/1000/muster/agent.sock', { HOME: '/home/u' }],
  ['/tmp/a b/my agent?.sock', { HOME: '/home/u', XDG_STATE_HOME: '/state' }],
  ['/x/.s', { HOME: 'relative', XDG_STATE_HOME: 'relative' }],
])('the doctor looks for the state of the agent at %j where the agent puts it', (socketPath, env) => {
  expect(stateDirectoryOf({ flag: undefined, env, socketPath }).path).toBe(stateDirectory({ env, socketPath }));
});
