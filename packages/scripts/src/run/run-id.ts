import { randomBytes } from 'node:crypto';

/** Mints run ids that sort by time: `20261122T214159Z-5f3a9c1b-000012`. */
export class RunIds {
  /** What the ids of one runner have in common, and no other id begins with. */
  readonly prefix: string;
  #count = 0;

  constructor(now: number) {
    const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
    this.prefix = `${time}-${randomBytes(4).toString('hex')}-`;
  }

  next(): string {
    this.#count += 1;
    return this.prefix + String(this.#count).padStart(6, '0');
  }
}
