import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible } from '../src/render/names.ts';
import { runHere, TestAgent } from './support/agent.ts';
import { FakeAgent } from './support/fake-agent.ts';

const HOSTILE = {
  bidi: 'ok\u202e\u2066gnp.exe',
  'zero-width': 'd\u200bb\u2060\ufeff',
  'hidden fillers': 'a\u3164\u115f\u034f',
  tags: 'x\u{e0041}',
  'line separators': 'one\u2028two',
};

test.each(Object.entries(HOSTILE))(
  '%s in a name are shown harmless on every screen, and kept in JSON',
  async (_kind, name) => {
    await using agent = await TestAgent.listen();
    const screens = [
      await agent.run(['want', name, `${name}!`]),
      await agent.run(['start', name, '--no-wait']),
      await agent.run(['complete', `${name}!`]),
      await agent.run(['status', name]),
      await agent.run(['list']),
      await agent.run(['list', '-q']),
      await agent.run(['status', `${name}?`]),
    ];
    for (const { stdout, stderr } of screens) {
      expect(visible((stdout + stderr).replaceAll('\n', ''))).toBe((stdout + stderr).replaceAll('\n', ''));
      expect(stdout + stderr).toContain('\\u{');
    }
    const { stdout } = await agent.run(['status', name, '--json']);
    expect(JSON.parse(stdout).unit).toBe(name);
    expect(visible(stdout.replaceAll('\n', ''))).toBe(stdout.replaceAll('\n', ''));
  },
);

test('control characters are refused by the agent, and shown harmless in its refusal', async () => {
  await using agent = await TestAgent.listen();
  const { exitCode, stderr } = await agent.run(['start', 'x\x1b]0;pwned\x07\x1b[2J']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "error: "x\\u{1b}]0;pwned\\u{7}\\u{1b}[2J" can't be the name of a unit: it has the control character U+001B. Use 1 to 256 characters, none of them a control character.
    "
  `);
});

test('whatever an agent sends can not drive the terminal', async () => {
  const evil = '\x1b[2J\x9b31m\r\n\u202e';
  const unit = {
    unit: evil,
    status: 'completed',
    outcome: 'failed',
    ready: true,
    run: 1,
    exitCode: null,
    signal: evil,
    reason: evil,
  };
  const cause = { dependsOn: evil, requires: 'succeeded', outcome: 'failed', exitCode: 1, signal: null, reason: evil };
  const info = { ...unit, causes: [], changedAt: null, waitingFor: [], forced: true, owner: evil, note: evil };
  const units = [
    info,
    { ...info, outcome: 'skipped', causes: [cause] },
    { ...info, status: 'pending', waitingFor: [evil] },
  ];
  await using agent = await FakeAgent.answering({ result: { units } });
  await using refusing = await FakeAgent.refusing({
    code: -32000,
    message: evil,
    data: { code: 'cycle', hint: evil, facts: {} },
  });
  const list = await runHere(['list', '--socket', agent.socket]);
  const error = await runHere(['list', '--socket', refusing.socket]);
  const text = (list.stdout + error.stderr).replaceAll('\n', '');
  expect(visible(text)).toBe(text);
  expect(list.stdout.trimEnd().split('\n')).toHaveLength(4);
  expect(error.stderr.trimEnd().split('\n')).toHaveLength(2);
});

test('names of wide characters keep the columns of a table straight', async () => {
  await using agent = await TestAgent.listen();
  for (const unit of ['データベース', 'db', '한글', '🚀 go', 'e\u0301']) agent.units.register(unit);
  expect((await agent.run(['list'])).stdout).toMatchInlineSnapshot(`
    "UNIT          STATUS   OUTCOME  READY  RUN  DETAILS
    db            pending  -        yes    0
    é             pending  -        yes    0
    データベース  pending  -        yes    0
    한글          pending  -        yes    0
    🚀 go         pending  -        yes    0
    "
  `);
});

test('a name can not pass for another column', async () => {
  await using agent = await TestAgent.listen();
  for (const unit of ['db  completed', ' db', 'db ', 'a\u00a0b', '"quoted"', 'one two']) agent.units.register(unit);
  expect((await agent.run(['list'])).stdout).toMatchInlineSnapshot(`
    "UNIT             STATUS   OUTCOME  READY  RUN  DETAILS
    " db"            pending  -        yes    0
    ""quoted""       pending  -        yes    0
    "a b"            pending  -        yes    0
    "db "            pending  -        yes    0
    "db  completed"  pending  -        yes    0
    one two          pending  -        yes    0
    "
  `);
});

test('names like members of every object are names', async () => {
  await using agent = await TestAgent.listen();
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect((await agent.run(['start', name])).stdout).toBe(`Unit "${name}" started (run 1): it has no dependencies.\n`);
  }
  expect((await runHere(['__proto__'])).exitCode).toBe(2);
  expect((await runHere(['list', '--__proto__'])).exitCode).toBe(2);
});

test('no text has anything harmful left once it was made visible', () => {
  void fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});
