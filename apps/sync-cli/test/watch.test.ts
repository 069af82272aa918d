import { EventEmitter } from 'node:events';
import { SyncClient } from '@muster/socket/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCli } from '../src/cli.ts';
import type { Terminal, TerminalEvent } from '../src/terminal.ts';
import { Pacer } from '../src/watch/pacer.ts';
import { runHere, screen, TestAgent } from './support/agent.ts';
import { FakeAgent } from './support/fake-agent.ts';

let agent: TestAgent;
beforeEach(async () => {
  agent = await TestAgent.listen();
  for (const unit of ['build', 'deploy']) agent.units.register(unit);
  agent.units.addDependencies('deploy', [{ dependsOn: 'build', requires: 'succeeded' }]);
  agent.units.start('build');
});
afterEach(() => agent[Symbol.asyncDispose]());

/** Runs the command; when it has said where it stands, `build` fails and the agent stops once that was told. */
async function watched(...argv: string[]): Promise<string> {
  let isTold = false;
  const env = { MUSTER_SOCKET: agent.socket };
  const onText = (text: string): void => {
    if (!isTold) {
      isTold = true;
      agent.units.complete('build', { outcome: 'failed', exitCode: 3 });
    }
    if (text.includes('skipped') || text.includes('"seq":5')) void agent.close();
  };
  const ran = await runHere(['watch', ...argv], { env, onStdout: onText, onStderr: onText });
  const shown = (text: string): string => text.replaceAll(agent.socket, 'SOCKET');
  return screen({ ...ran, stdout: shown(ran.stdout), stderr: shown(ran.stderr) });
}

describe('lines', () => {
  test('for every change from now on, and the end of the agent', async () => {
    expect(await watched()).toMatchInlineSnapshot(`
      "exit 69
      -- stdout
      2026-01-02T03:04:05.006Z  build  failed with exit code 3 after 0s (run 1)
      2026-01-02T03:04:05.006Z  deploy  was skipped: needs "build", which failed with exit code 3 (run 1)

      -- stderr
      Watching. 2 units: 1 started, 1 pending
      error: the agent at "SOCKET" has gone away.
      hint: It was stopped, or it failed: its log tells which. Begin again with --connect-timeout, to wait for the next one.
      "
    `);
  });

  test('for what came since an event, too', async () => {
    expect(await watched('--since', '3')).toMatchInlineSnapshot(`
      "exit 69
      -- stdout
      2026-01-02T03:04:05.006Z  build  started (run 1)
      2026-01-02T03:04:05.006Z  build  failed with exit code 3 after 0s (run 1)
      2026-01-02T03:04:05.006Z  deploy  was skipped: needs "build", which failed with exit code 3 (run 1)

      -- stderr
      Watching. 2 units: 1 started, 1 pending
      error: the agent at "SOCKET" has gone away.
      hint: It was stopped, or it failed: its log tells which. Begin again with --connect-timeout, to wait for the next one.
      "
    `);
  });

  test('of the units that were asked for', async () => {
    expect(await watched('deploy', '--quiet', '--since', '0')).toMatchInlineSnapshot(`
      "exit 69
      -- stdout
      2026-01-02T03:04:05.006Z  deploy  registered
      2026-01-02T03:04:05.006Z  deploy  depends on "build" (needs succeeded)
      2026-01-02T03:04:05.006Z  deploy  was skipped: needs "build", which failed with exit code 3 (run 1)

      -- stderr
      error: the agent at "SOCKET" has gone away.
      hint: It was stopped, or it failed: its log tells which. Begin again with --connect-timeout, to wait for the next one.
      "
    `);
  });
});

describe('--json', () => {
  test('is a snapshot, then the events as they are on the wire', async () => {
    expect(await watched('--json')).toMatchInlineSnapshot(`
      "exit 69
      -- stdout
      {"type":"snapshot","boot":"boot-1","seq":4,"units":[{"unit":"build","status":"started","outcome":null,"ready":true,"run":1,"exitCode":null,"signal":null,"reason":null,"causes":[],"changedAt":"2026-01-02T03:04:05.006Z","forced":false,"owner":null,"note":null,"waitingFor":[],"waits":[],"expectedMs":null},{"unit":"deploy","status":"pending","outcome":null,"ready":false,"run":0,"exitCode":null,"signal":null,"reason":null,"causes":[],"changedAt":"2026-01-02T03:04:05.006Z","forced":false,"owner":null,"note":null,"waitingFor":["build"],"waits":[],"expectedMs":null}]}
      {"seq":5,"at":"2026-01-02T03:04:05.006Z","unit":"build","type":"completed","run":1,"outcome":"failed","exitCode":3,"signal":null,"reason":null,"forced":false,"because":null}
      {"seq":6,"at":"2026-01-02T03:04:05.006Z","unit":"deploy","type":"completed","run":1,"outcome":"skipped","exitCode":null,"signal":null,"reason":null,"forced":false,"because":{"dependsOn":"build","requires":"succeeded"}}

      -- stderr
      {"error":{"code":"agent_gone","message":"the agent at \\"SOCKET\\" has gone away.","hint":"It was stopped, or it failed: its log tells which. Begin again with --connect-timeout, to wait for the next one."}}
      "
    `);
  });

  test('resumes after an event that is still kept', async () => {
    expect(await watched('--json', '--since', '4')).toMatchInlineSnapshot(`
      "exit 69
      -- stdout
      {"type":"resumed","boot":"boot-1","seq":4}
      {"seq":5,"at":"2026-01-02T03:04:05.006Z","unit":"build","type":"completed","run":1,"outcome":"failed","exitCode":3,"signal":null,"reason":null,"forced":false,"because":null}
      {"seq":6,"at":"2026-01-02T03:04:05.006Z","unit":"deploy","type":"completed","run":1,"outcome":"skipped","exitCode":null,"signal":null,"reason":null,"forced":false,"because":{"dependsOn":"build","requires":"succeeded"}}

      -- stderr
      {"error":{"code":"agent_gone","message":"the agent at \\"SOCKET\\" has gone away.","hint":"It was stopped, or it failed: its log tells which. Begin again with --connect-timeout, to wait for the next one."}}
      "
    `);
  });

  test('begins with a snapshot where that event is not kept', async () => {
    expect(await watched('build', '--json', '--since', '4000')).toMatchInlineSnapshot(`
      "exit 69
      -- stdout
      {"type":"snapshot","boot":"boot-1","seq":4,"units":[{"unit":"build","status":"started","outcome":null,"ready":true,"run":1,"exitCode":null,"signal":null,"reason":null,"causes":[],"changedAt":"2026-01-02T03:04:05.006Z","forced":false,"owner":null,"note":null,"waitingFor":[],"waits":[],"expectedMs":null}]}
      {"seq":5,"at":"2026-01-02T03:04:05.006Z","unit":"build","type":"completed","run":1,"outcome":"failed","exitCode":3,"signal":null,"reason":null,"forced":false,"because":null}

      -- stderr
      {"error":{"code":"agent_gone","message":"the agent at \\"SOCKET\\" has gone away.","hint":"It was stopped, or it failed: its log tells which. Begin again with --connect-timeout, to wait for the next one."}}
      "
    `);
  });
});

test.each(['-1', 'x', '1.5', ''])('--since=%s is refused', async (value) => {
  expect((await runHere(['watch', `--since=${value}`])).exitCode).toBe(2);
});

test('a reader that was too slow gets the state anew', async () => {
  const lagged = { jsonrpc: '2.0', method: 'sync.lagged', params: { seq: 9, units: [] } };
  const answering = (): Promise<FakeAgent> =>
    FakeAgent.listen((connection, request) => {
      const { id } = JSON.parse(request) as { id: number };
      const result = { boot: 'b', seq: 3, snapshot: [] };
      connection.end(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n${JSON.stringify(lagged)}\n`);
    });
  await using json = await answering();
  expect((await runHere(['watch', '--json', '--socket', json.socket])).stdout).toMatchInlineSnapshot(`
    "{"type":"snapshot","boot":"b","seq":3,"units":[]}
    {"type":"snapshot","boot":"b","seq":9,"units":[]}
    "
  `);
  await using lines = await answering();
  const { exitCode, stderr } = await runHere(['watch', '--socket', lines.socket]);
  expect(exitCode).toBe(69);
  expect(stderr.replaceAll(lines.socket, 'SOCKET')).toMatchInlineSnapshot(`
    "Watching. No units yet.
    Too slow to show everything: the changes up to number 9 were left out.
    error: the agent at "SOCKET" has gone away.
    hint: It was stopped, or it failed: its log tells which. Begin again with --connect-timeout, to wait for the next one.
    "
  `);
});

/** A terminal of 60 columns whose output and events are in the hands of the test. */
class FakeTerminal implements Terminal {
  readonly #events = new EventEmitter();
  readonly #wanted: { text: string; resolve: () => void }[] = [];
  written = '';
  columns = 60;
  isSuspended = false;

  size(): { columns: number; rows: number } {
    return { columns: this.columns, rows: 10 };
  }

  on(event: TerminalEvent, listener: () => void): Disposable {
    this.#events.on(event, listener);
    return { [Symbol.dispose]: () => void this.#events.off(event, listener) };
  }

  emit(event: TerminalEvent): void {
    this.#events.emit(event);
  }

  suspend(): void {
    this.isSuspended = true;
  }

  listeners(): number {
    return this.#events.eventNames().length;
  }

  write(text: string): void {
    this.written += text;
    for (const wanted of this.#wanted) if (this.written.includes(wanted.text)) wanted.resolve();
  }

  /** Resolves when the output has the text, and forgets what there was. */
  async sees(text: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wanted.push({ text, resolve });
    this.write('');
    await promise;
    this.#wanted.length = 0;
    return this.written;
  }

  run(env: Record<string, string> = {}): Promise<number> {
    const stdout = { isTTY: true, write: (text: string) => this.write(text) };
    return runCli(['watch'], {
      env: { MUSTER_SOCKET: agent.socket, NO_COLOR: '1', ...env },
      stdout,
      stderr: stdout,
      terminal: this,
    });
  }
}

describe('the live table', () => {
  const steps = (text: string): string =>
    text.replaceAll('\x1b', 'ESC').replaceAll(/(?<=\S)ESC\[(?=\d+;1H)/g, '\nESC[');

  test('writes only the lines that change, and gives the terminal back', async () => {
    const terminal = new FakeTerminal();
    const running = terminal.run();
    await terminal.sees('waits for');
    terminal.written = '';
    agent.units.complete('build', { outcome: 'failed', exitCode: 3 });
    const frame = await terminal.sees('skipped');
    expect(steps(frame)).toMatchInlineSnapshot(`
      "ESC[1;1HESC[K2 units: 1 failed, 1 skipped
      ESC[2;1HESC[KUNIT    STATE      TIME  DETAILS
      ESC[3;1HESC[Kbuild   ✗ failed   0s    exit code 3
      ESC[4;1HESC[Kdeploy  - skipped        needs "build", which failed with e…"
    `);
    terminal.written = '';
    terminal.emit('interrupt');
    expect(await running).toBe(0);
    expect(steps(terminal.written)).toMatchInlineSnapshot(`
      "ESC[?25hESC[?1049l2 units: 1 failed, 1 skipped
      UNIT    STATE      TIME  DETAILS
      build   ✗ failed   0s    exit code 3
      deploy  - skipped        needs "build", which failed with e…
      "
    `);
    expect(terminal.listeners()).toBe(0);
  });

  test('tells at the next look what the work of a unit waits for', async () => {
    const terminal = new FakeTerminal();
    const running = terminal.run();
    await terminal.sees('waits for');
    await using client = await SyncClient.connect({ path: agent.socket });
    client.call('sync.wait', { units: ['deploy'], within: { unit: 'build', run: 1 } }).catch(() => {});
    await terminal.sees('its work waits for "deploy"');
    terminal.emit('interrupt');
    expect(await running).toBe(0);
  });

  test('is drawn anew when the size changes and after a suspension', async () => {
    const terminal = new FakeTerminal();
    const running = terminal.run();
    await terminal.sees('waits for');
    terminal.written = '';
    terminal.columns = 20;
    terminal.emit('resize');
    expect(await terminal.sees('deploy')).not.toContain('waits for');
    terminal.written = '';
    terminal.emit('suspend');
    expect(terminal.isSuspended).toBe(true);
    expect(steps(terminal.written)).toBe('ESC[?25hESC[?1049l');
    terminal.written = '';
    terminal.emit('resume');
    expect(steps(await terminal.sees('deploy'))).toMatch(/^ESC\[\?1049hESC\[\?25l/);
    terminal.emit('interrupt');
    expect(await running).toBe(0);
  });

  test('gives the terminal back before it says that the agent has gone away', async () => {
    const terminal = new FakeTerminal();
    const running = terminal.run();
    await terminal.sees('waits for');
    await agent.close();
    expect(await running).toBe(69);
    const end = terminal.written.slice(terminal.written.lastIndexOf('\x1b[?1049l'));
    expect(end).toContain('2 units: 1 started, 1 pending');
    expect(end).toContain('has gone away');
  });

  test.each([{ TERM: 'dumb' }, { CI: 'true' }])('is lines with %j', async (env) => {
    const terminal = new FakeTerminal();
    const running = terminal.run(env);
    await terminal.sees('Watching.');
    await agent.close();
    expect(await running).toBe(69);
    expect(terminal.written).not.toContain('\x1b');
  });
});

describe('the pace of drawing', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is ten a second at the most, and the last request is never lost', () => {
    const drawn: number[] = [];
    using pacer = new Pacer(() => drawn.push(performance.now()));
    const start = performance.now();
    for (let ms = 0; ms < 1_000; ms += 10) {
      pacer.request();
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(1_000);
    expect(drawn.length).toBeLessThanOrEqual(11);
    expect(drawn[0]).toBe(start);
    expect(drawn.at(-1)! - start).toBeGreaterThanOrEqual(990);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a sooner request wins over a later one, and nothing is drawn after the end', () => {
    let drawn = 0;
    const pacer = new Pacer(() => {
      drawn += 1;
    });
    pacer.request(1_000);
    pacer.request();
    pacer.request(1_000);
    vi.advanceTimersByTime(100);
    expect(drawn).toBe(1);
    pacer.request(1_000);
    pacer[Symbol.dispose]();
    pacer.request();
    vi.advanceTimersByTime(5_000);
    expect(drawn).toBe(1);
  });
});
