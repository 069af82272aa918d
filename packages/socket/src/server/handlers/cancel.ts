import type { Handler } from './handler.ts';

export const cancel: Handler<'cancel'> = ({ id }, { caller }) => ({ canceled: caller.cancel(id) });
