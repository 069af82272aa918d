import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { runHere, screen, TestAgent } from './support/agent.ts';
import { FakeAgent } from './support/fake-agent.ts';

/** An agent that names its protocol, and does with every other request what it will. */
function speaking(protocol: string, other: object): Promise<FakeAgent> {
  return FakeAgent.listen((connection, request) => {
    const { id, method } = JSON.parse(request) as { id: number; method: string };
    const answer = method === 'ping' ? { result: { protocol, version: '8.0.0' } } : other;
    connection.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
  });
}

test('an error that another protocol explains says so, at no cost for commands that go well', async () => {
  const refusal = { code: -32601, message: 'no such method', data: { code: 'unknown_method' } };
  await using agent = await speaking('7.3', { error: refusal });
  expect(screen(await runHere(['list', '--socket', agent.socket]))).toMatchInlineSnapshot(`
    "exit 76
    -- stderr
    error: this command speaks protocol 1.0, the agent (version 8.0.0) 7.3.
    hint: Use the command that came with the agent, or start the agent again after the update. "muster doctor" compares both.
    "
  `);
});

test.each([
  ['an answer of another shape', { result: { foo: 1 } }],
  ['the word for it', { error: { code: -32012, message: 'no', data: { code: 'unsupported_protocol' } } }],
  ['a word that nobody knows yet', { error: { code: -32099, message: 'no', data: { code: 'brand_new' } } }],
])('%s is explained by another protocol', async (_what, other) => {
  await using agent = await speaking('2.0', other);
  for (const argv of [['start', 'x'], ['list'], ['want', 'x', 'y'], ['why'], ['run', 'x', '--', 'true']]) {
    const { exitCode, stderr } = await runHere(argv, { env: { MUSTER_SOCKET: agent.socket } });
    expect({ argv, exitCode }).toEqual({ argv, exitCode: 76 });
    expect(stderr).toContain('this command speaks protocol 1.0, the agent (version 8.0.0) 2.0.');
  }
  const { stderr } = await runHere(['compat', 'coder', 'start', 'x'], {
    env: { MUSTER_SOCKET: agent.socket },
  });
  expect(stderr).toContain('this command speaks protocol 1.0');
});

test('an answer of another shape from an agent of the same protocol stays an error inside muster', async () => {
  await using agent = await speaking('1.4', { result: { foo: 1 } });
  expect((await runHere(['start', 'x', '--socket', agent.socket])).exitCode).toBe(70);
});

test('a command that goes well sends one request, which says which protocol it means', async () => {
  const heard: string[] = [];
  await using agent = await FakeAgent.listen((connection, request) => {
    heard.push(request);
    connection.write('{"jsonrpc":"2.0","id":1,"result":{"unit":"x","run":1,"outcome":"succeeded","already":false}}\n');
  });
  expect((await runHere(['complete', 'x', '--socket', agent.socket])).exitCode).toBe(0);
  expect(heard).toEqual([
    '{"jsonrpc":"2.0","protocol":"1.0","id":1,"method":"sync.complete","params":{"unit":"x","outcome":"succeeded"}}\n',
  ]);
});

test('an agent that has the check refuses, and does nothing', async () => {
  await using agent = await TestAgent.listen();
  // What a command of another protocol sends, as this one sends it.
  await using relay = await FakeAgent.listen((connection, request) => {
    const upstream = connect(agent.socket);
    upstream.pipe(connection);
    upstream.write(request.replace('"protocol":"1.0"', '"protocol":"2.0"'));
  });
  const { exitCode, stderr } = await runHere(['start', 'x', '--socket', relay.socket]);
  expect({ exitCode, stderr: stderr.split('\n')[0] }).toEqual({
    exitCode: 76,
    stderr: 'error: the request is of protocol "2.0", and this agent speaks 1.0: it did nothing.',
  });
  expect(agent.units.find('x')).toBeNull();
});
