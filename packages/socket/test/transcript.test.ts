import { expect, test } from 'vitest';
import { Loopback, settle } from './support/loopback.ts';

const REQUESTS = [
  '{"jsonrpc":"2.0","id":1,"method":"sync.want","params":{"unit":"b","dependsOn":["a"]}}',
  '{"jsonrpc":"2.0","id":2,"method":"sync.start","params":{"unit":"b","wait":false}}',
  '{"jsonrpc":"2.0","id":"three","method":"sync.start","params":{"unit":"b","progress":true}}',
  '{"jsonrpc":"2.0","id":4,"method":"sync.ready","params":{"unit":"b"}}',
  '{"jsonrpc":"2.0","id":5,"method":"sync.watch"}',
  '{"jsonrpc":"2.0","method":"sync.complete","params":{"unit":"a"}}',
  '{"jsonrpc":"2.0","id":6,"method":"sync.complete","params":{"unit":"b","outcome":"failed","exitCode":3}}',
  '{"jsonrpc":"2.0","id":7,"method":"sync.complete","params":{"unit":"b"}}',
  '{"jsonrpc":"2.0","id":8,"method":"sync.status","params":{"unit":"b"}}',
  '{"jsonrpc":"2.0","id":9,"method":"sync.complete","params":{"unit":"c"}}',
];

test('a conversation is, byte for byte, what docs/protocol.md promises', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  const transcript: string[] = [];
  for (const request of REQUESTS) {
    client.send(`${request}\n`);
    transcript.push(`> ${request}`);
    await settle();
    transcript.push(...client.take().map((line) => `< ${line}`));
  }
  expect(transcript.join('\n')).toMatchInlineSnapshot(`
    "> {"jsonrpc":"2.0","id":1,"method":"sync.want","params":{"unit":"b","dependsOn":["a"]}}
    < {"jsonrpc":"2.0","id":1,"result":{"unit":"b","dependencies":[{"dependsOn":"a","requires":"completed","status":null,"outcome":null,"satisfied":false}],"ready":false}}
    > {"jsonrpc":"2.0","id":2,"method":"sync.start","params":{"unit":"b","wait":false}}
    < {"jsonrpc":"2.0","id":2,"error":{"code":-32004,"message":"unit \\"b\\" is not ready: it waits for \\"a\\" (not registered, needs completed).","data":{"code":"not_ready","hint":"Nobody has registered \\"a\\": is that the right name? See how far its dependencies are with \\"muster status UNIT\\".","facts":{"unit":"b","unmet":[{"dependsOn":"a","requires":"completed","status":null,"outcome":null,"satisfied":false}],"unmetTotal":1}}}}
    > {"jsonrpc":"2.0","id":"three","method":"sync.start","params":{"unit":"b","progress":true}}
    < {"jsonrpc":"2.0","method":"sync.waiting","params":{"unit":"b","unmet":[{"dependsOn":"a","requires":"completed","status":null,"outcome":null,"satisfied":false}],"unmetTotal":1}}
    > {"jsonrpc":"2.0","id":4,"method":"sync.ready","params":{"unit":"b"}}
    < {"jsonrpc":"2.0","id":4,"result":{"unit":"b","ready":false,"readiness":"waiting","unmet":[{"dependsOn":"a","requires":"completed","status":null,"outcome":null,"satisfied":false}]}}
    > {"jsonrpc":"2.0","id":5,"method":"sync.watch"}
    < {"jsonrpc":"2.0","id":5,"result":{"boot":"boot-1","seq":2,"snapshot":null}}
    > {"jsonrpc":"2.0","method":"sync.complete","params":{"unit":"a"}}
    < {"jsonrpc":"2.0","method":"sync.event","params":{"seq":3,"at":"2026-01-02T03:04:05.678Z","unit":"a","type":"registered"}}
    < {"jsonrpc":"2.0","method":"sync.event","params":{"seq":4,"at":"2026-01-02T03:04:05.678Z","unit":"a","type":"completed","run":1,"outcome":"succeeded","exitCode":null,"signal":null,"reason":null,"forced":false,"because":null}}
    < {"jsonrpc":"2.0","method":"sync.event","params":{"seq":5,"at":"2026-01-02T03:04:05.678Z","unit":"b","type":"started","run":1,"owner":null}}
    < {"jsonrpc":"2.0","id":"three","result":{"unit":"b","run":1,"already":false,"waitedMs":0,"waitedFor":["a"],"satisfied":[]}}
    > {"jsonrpc":"2.0","id":6,"method":"sync.complete","params":{"unit":"b","outcome":"failed","exitCode":3}}
    < {"jsonrpc":"2.0","id":6,"result":{"unit":"b","run":1,"outcome":"failed","already":false,"stopping":false}}
    < {"jsonrpc":"2.0","method":"sync.event","params":{"seq":6,"at":"2026-01-02T03:04:05.678Z","unit":"b","type":"completed","run":1,"outcome":"failed","exitCode":3,"signal":null,"reason":null,"forced":false,"because":null}}
    > {"jsonrpc":"2.0","id":7,"method":"sync.complete","params":{"unit":"b"}}
    < {"jsonrpc":"2.0","id":7,"result":{"unit":"b","run":1,"outcome":"failed","already":true,"stopping":false}}
    > {"jsonrpc":"2.0","id":8,"method":"sync.status","params":{"unit":"b"}}
    < {"jsonrpc":"2.0","id":8,"result":{"unit":"b","status":"completed","outcome":"failed","ready":true,"run":1,"exitCode":3,"signal":null,"reason":null,"causes":[],"changedAt":"2026-01-02T03:04:05.678Z","forced":false,"owner":null,"note":null,"waitingFor":[],"waits":[],"expectedMs":null,"dependencies":[{"dependsOn":"a","requires":"completed","status":"completed","outcome":"succeeded","satisfied":true}]}}
    > {"jsonrpc":"2.0","id":9,"method":"sync.complete","params":{"unit":"c"}}
    < {"jsonrpc":"2.0","id":9,"error":{"code":-32002,"message":"there is no unit \\"c\\": nobody has registered it or named it as a dependency.","data":{"code":"unknown_unit","hint":"See all units with \\"muster list\\".","facts":{"unit":"c","nearest":[]}}}}"
  `);
});
