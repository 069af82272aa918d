import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isAllOfItsSession } from '../src/server/coordination/session.ts';
import { Loopback, settle } from './support/loopback.ts';
import { Child } from './support/processes.ts';

const SINCE = '2026-01-02T03:04:05.678Z';

/** What is the same of every wait that nothing more is said of. */
const PLAIN = {
  label: null,
  unit: null,
  since: SINCE,
  until: null,
  awaits: [],
  awaitsTotal: 0,
  for: null,
  any: false,
  startup: false,
  lock: null,
};

/** web needs install, and runs in a script; install is started, and its run waits in what the tests do. */
function workspace(options: ConstructorParameters<typeof Loopback>[0] = {}): Loopback {
  const loopback = new Loopback(options);
  for (const unit of ['web', 'install', 'db']) loopback.units.register(unit);
  loopback.units.addDependencies('web', [{ dependsOn: 'install', requires: 'succeeded' }]);
  loopback.units.start('install');
  loopback.units.start('db');
  return loopback;
}

const within = { unit: 'install', run: 1 };

/** Sends a request that waits, and lets it come to that. Nothing is done with its answer. */
async function wait(answer: Promise<unknown>): Promise<void> {
  answer.catch(() => {}); // The end of the test ends it.
  await settle();
}

describe('every request that waits is listed while it does', () => {
  test('with who waits, for what, and how long at the most', async () => {
    await using loopback = workspace({ startup: new Promise(() => {}) });
    const client = loopback.client();
    await wait(client.call('sync.wait', { units: ['db', 'web'], for: 'started', label: 'muster wait', within }));
    await wait(client.call('sync.wait', { startup: true, timeoutMs: 300_000 }));
    await wait(client.call('sync.start', { unit: 'web', label: 'muster start' }));
    await client.call('sync.lock', { name: 'apt' });
    await wait(client.call('sync.lock', { name: 'apt', label: 'apt-get (pid 12)', within: { unit: 'db', run: 1 } }));
    const { waits, waitsTotal } = await client.call('sync.waits', {});
    expect(waits).toEqual([
      {
        ...PLAIN,
        ...{ kind: 'wait', label: 'muster wait', unit: 'install', for: 'started' },
        ...{ awaits: ['web'], awaitsTotal: 1 },
      },
      { ...PLAIN, kind: 'wait', until: '2026-01-02T03:09:05.678Z', for: 'completed', startup: true },
      { ...PLAIN, kind: 'start', label: 'muster start', awaits: ['web'], awaitsTotal: 1 },
      { ...PLAIN, kind: 'lock', label: 'apt-get (pid 12)', unit: 'db', lock: 'apt' },
    ]);
    expect(waitsTotal).toBe(4);
  });

  test('and no longer, however it ends', async () => {
    await using loopback = workspace();
    const client = loopback.client();
    const gone = new AbortController();
    await wait(client.call('sync.wait', { units: ['db'] }));
    await wait(client.call('sync.start', { unit: 'web' }));
    await wait(client.call('sync.wait', { units: ['web'] }, { signal: gone.signal }));
    await client.call('sync.lock', { name: 'apt' });
    await wait(client.call('sync.lock', { name: 'apt' }, { signal: gone.signal }));
    expect((await client.call('sync.waits', {})).waitsTotal).toBe(4);
    loopback.units.complete('db');
    loopback.units.complete('install', { outcome: 'failed' });
    gone.abort();
    await settle();
    expect(await client.call('sync.waits', {})).toEqual({ waits: [], waitsTotal: 0 });
  });
});

describe('a started unit whose work waits', () => {
  test('shows that in its status and in the list, for as long as its run goes on', async () => {
    await using loopback = workspace();
    const client = loopback.client();
    await wait(client.call('sync.wait', { units: ['db'], within }));
    await wait(client.call('sync.wait', { units: ['db'], within: { unit: 'install', run: 2 } }));
    const wanted = [{ ...PLAIN, kind: 'wait', unit: 'install', for: 'completed', awaits: ['db'], awaitsTotal: 1 }];
    expect((await client.call('sync.status', { unit: 'install' })).waits).toEqual(wanted);
    const { units } = await client.call('sync.list', {});
    expect(units.map(({ unit, waits }) => [unit, waits.length])).toEqual([
      ['db', 0],
      ['install', 1],
      ['web', 0],
    ]);
    loopback.units.complete('install');
    expect((await client.call('sync.status', { unit: 'install' })).waits).toEqual([]);
  });

  test('is not the end of the chain for those who ask why', async () => {
    await using loopback = workspace();
    const client = loopback.client();
    await wait(client.call('sync.wait', { units: ['db'], within, label: 'muster wait (pid 7)' }));
    const { blockers, waits } = await client.call('sync.why', { unit: 'web' });
    expect(blockers).toMatchObject([{ unit: 'db', obstacle: 'running', path: ['web', 'install', 'db'] }]);
    expect(waits).toMatchObject([{ unit: 'install', label: 'muster wait (pid 7)', awaits: ['db'] }]);
    expect((await client.call('sync.why', {})).blockers).toMatchObject([{ unit: 'db', heldUp: ['install', 'web'] }]);
  });

  test('waits for what it wants to start', async () => {
    await using loopback = workspace();
    const client = loopback.client();
    await wait(client.call('sync.start', { unit: 'phase', needs: ['db'], within }));
    const { blockers } = await client.call('sync.why', { unit: 'web' });
    expect(blockers).toMatchObject([{ unit: 'db', path: ['web', 'install', 'phase', 'db'] }]);
  });

  test('waits for the work that holds the lock that it wants, unless somebody else may give it back', async () => {
    await using loopback = workspace();
    const client = loopback.client();
    const holder = loopback.client();
    await holder.call('sync.lock', { name: 'apt', within: { unit: 'db', run: 1 } });
    await wait(client.call('sync.lock', { name: 'apt', within }));
    const why = await client.call('sync.why', { unit: 'web' });
    expect(why.blockers).toMatchObject([{ unit: 'db', path: ['web', 'install', 'db'] }]);
    expect(why.locks).toMatchObject([{ holders: [{ unit: 'db' }], waiting: [{ unit: 'install' }] }]);
    await holder.call('sync.unlock', { name: 'apt' });
    await client.call('sync.unlock', { name: 'apt' });
    await holder.call('sync.lock', { name: 'apt' });
    await wait(client.call('sync.lock', { name: 'apt', within }));
    const { blockers } = await client.call('sync.why', { unit: 'web' });
    expect(blockers).toMatchObject([{ unit: 'install', obstacle: 'running' }]);
  });

  test('may wait for itself, by whatever way: that is told, and hopeless where it is known to do nothing else', async () => {
    await using loopback = workspace();
    const client = loopback.client();
    // Two processes in a session of their own, of which the second is the child that the first waits for.
    await using script = new Child('setsid', ['sh', '-c', 'sh -c "echo \\$\\$; read line"; true']);
    const alone = { ...within, pid: Number(await script.line()) };
    const gone = new AbortController();
    await wait(client.call('sync.wait', { units: ['web'], within: alone, timeoutMs: 60_000 }, { signal: gone.signal }));
    const circle = {
      unit: 'web',
      obstacle: 'circle',
      path: ['web'],
      circle: ['web', 'install', 'web'],
      heldUpTotal: 2,
    };
    expect((await client.call('sync.why', { unit: 'web' })).blockers).toMatchObject([{ ...circle, isHopeless: false }]);
    gone.abort();
    const after = new AbortController();
    await wait(client.call('sync.wait', { units: ['web'], within }, { signal: after.signal }));
    expect((await client.call('sync.why', { unit: 'web' })).blockers).toMatchObject([{ ...circle, isHopeless: false }]);
    after.abort();
    await wait(client.call('sync.wait', { units: ['web'], within: alone }));
    const { blockers } = await client.call('sync.why', { unit: 'web' });
    expect(blockers).toMatchObject([{ ...circle, isHopeless: true }]);
  });
});

test('a wait on behalf of what can not be a unit is refused, and hurts nobody who asks', async () => {
  await using loopback = workspace();
  const client = loopback.client();
  const wrong = { unit: 'db', within: { unit: 'a\nb', run: 1 } };
  await expect(client.call('sync.start', { ...wrong, unit: 'web' })).rejects.toMatchObject({ code: 'invalid_unit_id' });
  await expect(client.call('sync.wait', { units: ['db'], within: wrong.within })).rejects.toMatchObject({
    code: 'invalid_unit_id',
  });
  await expect(client.call('sync.lock', { name: 'apt', within: wrong.within })).rejects.toMatchObject({
    code: 'invalid_unit_id',
  });
  expect(await client.call('sync.why', {})).toMatchObject({ waitsTotal: 0, locks: [] });
});

test('work that waits for the start that it is part of waits for itself', async () => {
  const startUnits = (): string[] => ['install', 'web'];
  await using loopback = workspace({ startup: new Promise(() => {}), startUnits });
  const client = loopback.client();
  await wait(client.call('sync.wait', { startup: true, within }));
  const { blockers } = await client.call('sync.why', { unit: 'web' });
  expect(blockers.map(({ circle }) => circle)).toEqual([
    ['web', 'install', 'web'],
    ['install', 'install'],
  ]);
  await expect(client.call('sync.wait', { startup: true, timeoutMs: 1 })).rejects.toMatchObject({
    message: 'timed out after 0ms: the start scripts have not all ended: "install" is started, "web" is pending.',
  });
});

test.runIf(existsSync('/proc/self/stat'))('whether a process is all of its session', async () => {
  await using busy = new Child('setsid', ['sh', '-c', 'sleep 60 & sh -c "echo \\$\\$; read line"; kill $!']);
  await using waiting = new Child('setsid', ['sh', '-c', 'sh -c "echo \\$\\$; read line"; true']);
  const [beside, alone] = [Number(await busy.line()), Number(await waiting.line())];
  expect([beside, alone, 2 ** 22].map(isAllOfItsSession)).toEqual([false, true, false]);
  busy.process.stdin?.end('\n');
  await busy.exited;
});

test('work that runs another unit waits for its end, as long as that goes on', async () => {
  await using loopback = workspace();
  const client = loopback.client();
  const inner = loopback.client();
  await inner.call('sync.start', { unit: 'inner', hold: true, within, label: 'muster run (pid 9)' });
  await wait(client.call('sync.wait', { units: ['db'], within: { unit: 'inner', run: 1 } }));
  const { blockers, waits } = await client.call('sync.why', { unit: 'web' });
  expect(blockers).toMatchObject([{ unit: 'db', path: ['web', 'install', 'inner', 'db'] }]);
  expect(waits).toMatchObject([
    { kind: 'run', unit: 'install', awaits: ['inner'], label: 'muster run (pid 9)' },
    { kind: 'wait', unit: 'inner', awaits: ['db'] },
  ]);
  expect(loopback.units.find('inner')?.owner).toBe('muster run (pid 9)');
  await client.call('sync.complete', { unit: 'inner' });
  expect((await client.call('sync.why', { unit: 'web' })).blockers).toMatchObject([{ unit: 'install' }]);
  expect((await client.call('sync.status', { unit: 'install' })).waits).toEqual([]);
});

test('a name that nobody has mentioned but who waits for it can be asked about', async () => {
  await using loopback = workspace();
  const client = loopback.client();
  await wait(client.call('sync.wait', { units: ['dbb'], late: true }));
  const why = await client.call('sync.why', { unit: 'dbb' });
  expect(why).toMatchObject({ unit: { unit: 'dbb', status: null }, blockers: [], waits: [{ awaits: ['dbb'] }] });
  await expect(client.call('sync.why', { unit: 'dbbb' })).rejects.toMatchObject({ code: 'unknown_unit' });
});
