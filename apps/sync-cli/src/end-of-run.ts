import type { SyncClient } from '@muster/socket/client';
import type { Result } from '@muster/socket/protocol';
import type { Ending } from './render/sentences.ts';

/**
 * Waits until a run of a unit has ended, however long that takes. `null` if the next one has begun meanwhile: then nothing is
 * known of how this one ended.
 *
 * @throws ClientError `connection_lost`
 */
export async function endOfRun(
  client: SyncClient,
  { unit, run }: { readonly unit: string; readonly run: number },
): Promise<Ending | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Ending | null>();
  const look = (): void => {
    client.call('sync.status', { unit }).then((info) => {
      const ending = info.run > run ? null : endingOf(info);
      if (ending !== undefined) resolve(ending);
    }, reject);
  };
  using _events = client.onNotification('sync.event', (event) => {
    if (event.unit === unit && event.type === 'completed') look();
  });
  using _lagged = client.onNotification('sync.lagged', look);
  // Rejects then, and says why.
  void client.closed.then(look);
  await client.call('sync.watch', {});
  // It may have ended before the watch began.
  look();
  return await promise;
}

function endingOf({ status, outcome, exitCode, signal, reason }: Result<'sync.status'>): Ending | undefined {
  return status === 'completed' && outcome !== null ? { outcome, exitCode, signal, reason } : undefined;
}
