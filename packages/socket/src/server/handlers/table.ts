import type { Method } from '../../protocol/methods.ts';
import { cancel } from './cancel.ts';
import { complete } from './complete.ts';
import type { Handler } from './handler.ts';
import { lock, unlock } from './lock.ts';
import { logs } from './logs.ts';
import { ping } from './ping.ts';
import { list, ready, status } from './queries.ts';
import { start } from './start.ts';
import { wait } from './wait.ts';
import { waits } from './waits.ts';
import { want } from './want.ts';
import { watch } from './watch.ts';
import { why } from './why.ts';

/** Who carries out which method: every one of the protocol's table, and no other. */
export const handlers = {
  ping,
  cancel,
  'sync.want': want,
  'sync.start': start,
  'sync.complete': complete,
  'sync.ready': ready,
  'sync.status': status,
  'sync.list': list,
  'sync.wait': wait,
  'sync.why': why,
  'sync.waits': waits,
  'sync.lock': lock,
  'sync.unlock': unlock,
  'sync.logs': logs,
  'sync.watch': watch,
} as const satisfies { readonly [M in Method]: Handler<M> };
