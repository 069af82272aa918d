import type { Handler } from './handler.ts';

/** Gives up another request of the same connection. */
export const cancel: Handler<'cancel'> = ({ id }, { caller }) => ({ canceled: caller.cancel(id) });
