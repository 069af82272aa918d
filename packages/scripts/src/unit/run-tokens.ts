import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The secrets by which a running script proves that it speaks for its unit. Each run gets its own, in its environment,
 * where only its own user can read it; it is worthless as soon as the run has ended.
 */
export class RunTokens {
  readonly #tokens = new Map<string, string>();

  /** A new token for the present run of a unit, in the place of the last one. */
  issue(unit: string): string {
    const token = randomBytes(16).toString('hex');
    this.#tokens.set(unit, token);
    return token;
  }

  /** Ends a token, unless a later run has got one meanwhile. */
  revoke(unit: string, token: string): void {
    if (this.#tokens.get(unit) === token) this.#tokens.delete(unit);
  }

  /** Whether it is the token of the present run. Takes the same time for every wrong one. */
  accepts(unit: string, token: string): boolean {
    const known = this.#tokens.get(unit);
    return known !== undefined && timingSafeEqual(digest(known), digest(token));
  }
}

/** Comparison in constant time needs values of one length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
