import type { SyncClient } from '@muster/socket/client';

/**
 * Calls back if the connection ends while a command runs. `stop` ends the watch, and tells whether the connection was lost
 * before that.
 */
export function watchForLoss(connection: SyncClient, onLoss: () => void): { stop(): boolean } {
  let isWatching = true;
  let isLost = false;
  void connection.closed.then(() => {
    isLost = true;
    if (isWatching) onLoss();
  });
  return {
    stop() {
      isWatching = false;
      return isLost;
    },
  };
}
