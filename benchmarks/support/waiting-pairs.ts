import type { SyncClient } from '@muster/socket/client';

let count = 0;

/** Declares two new units of which the second waits for the first. */
export async function nextPair(client: SyncClient): Promise<{ readonly first: string; readonly second: string }> {
  const { first, seconds } = await pairs(client, 1);
  return { first, second: seconds[0] ?? '' };
}

/** Declares new units that all wait for one. */
export async function pairs(
  client: SyncClient,
  waiting: number,
): Promise<{ readonly first: string; readonly seconds: readonly string[] }> {
  count += 1;
  const first = `first-${count}`;
  const seconds = Array.from({ length: waiting }, (_, index) => `second-${count}-${index}`);
  // In portions, since a connection may have only so many requests under way.
  for (let begin = 0; begin < seconds.length; begin += 50) {
    const portion = seconds.slice(begin, begin + 50);
    await Promise.all(portion.map((unit) => client.call('sync.want', { unit, dependsOn: [first] })));
  }
  return { first, seconds };
}

/** Completes a unit. */
export async function completed(client: SyncClient, unit: string): Promise<void> {
  await client.call('sync.complete', { unit });
}
