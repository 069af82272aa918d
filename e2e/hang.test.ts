import { expect, test, vi } from 'vitest';
import { Workplace } from './support/workplace.ts';

/** Process ids and times differ from run to run. */
function settled(text: string): string {
  return text.replaceAll(/pid \d+/g, 'pid PID').replaceAll(/(, for|gives up in) [\d.]+m?s?(\d+s)?/g, '$1 TIME');
}

test('a workspace that hangs is explained down to the root, through waits and locks in the middle of scripts', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent(`version: 1
external: [database-restored]
scripts:
  install:
    run: muster lock apt -- sh -c 'muster wait database-restored'
  tools:
    run: |
      until muster why --json | grep -q '"label": "muster wait'; do sleep 0.05; done
      muster lock apt -- true
  web:
    needs: tools
    run: exit 0
`);
  await vi.waitFor(async () => {
    const { waits } = await agent.client.call('sync.waits', {});
    expect(waits.map(({ kind, unit }) => `${kind} ${unit}`)).toEqual(['wait install', 'lock tools']);
  }, 20_000);
  expect(settled((await place.muster('why', 'web')).stdout)).toMatchInlineSnapshot(`
    "Unit "web" is pending and waits for "tools".
    In the end it is held up by:
      "database-restored" is ready, for TIME, but nobody has started it.
        No script stands for it: some process has to report it, as "muster complete database-restored" does.
        "web" → "tools" → "install" → "database-restored"
        In "install", muster wait (pid PID) waits for "database-restored" to succeed, for TIME; it gives up in TIME.
        In "tools", true (pid PID) waits for the lock "apt", for TIME; it gives up in TIME.
        The lock "apt" is held by sh (pid PID) of "install", for TIME; in line: true (pid PID) of "tools", for TIME."
  `);
  expect(settled((await place.muster('why')).stdout)).toMatchInlineSnapshot(`
    ""database-restored" holds up 3 units: "install", "tools" and "web".
      It is ready, for TIME, but nobody has started it.
      No script stands for it: some process has to report it, as "muster complete database-restored" does.
    Waits:
      In "install", muster wait (pid PID) waits for "database-restored" to succeed, for TIME; it gives up in TIME.
    Locks:
      "apt" is held by sh (pid PID) of "install", for TIME; in line: true (pid PID) of "tools", for TIME."
  `);
  expect(settled((await place.muster('wait', '--all', '--timeout', '1s')).stderr)).toContain(
    'the start scripts have not all ended: "install" is started, "tools" is started, "web" is pending.',
  );
  await place.muster('complete', 'database-restored');
  const { exitCode } = await place.muster('wait', '--all');
  expect(exitCode).toBe(0);
}, 60_000);
