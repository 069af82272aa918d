import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Outcome } from '@muster/unit';

interface Issued {
  readonly token: string;
  /** Of a run that is being stopped: how it will end. */
  readonly ending: Outcome | null;
}

/**
 * The secrets by which a running script proves that it speaks for its unit. Each run gets its own, in its environment,
 * where only its own user can read it; it reports nothing as soon as the run is being stopped or has ended.
 */
export class RunTokens {
  readonly #issued = new Map<string, Issued>();

  /** A new token for the present run of a unit, in the place of the last one. */
  issue(unit: string): string {
    const token = randomBytes(16).toString('hex');
    this.#issued.set(unit, { token, ending: null });
    return token;
  }

  /** The run is being stopped, and will end so, whatever it may still report. */
  close(unit: string, token: string, ending: Outcome): void {
    if (this.#issued.get(unit)?.token === token) this.#issued.set(unit, { token, ending });
  }

  /** Ends a token, unless a later run has got one meanwhile. */
  revoke(unit: string, token: string): void {
    if (this.#issued.get(unit)?.token === token) this.#issued.delete(unit);
  }

  /** Whether it is the token of the present run, and that is not being stopped. Takes the same time for every wrong one. */
  accepts(unit: string, token: string): boolean {
    return this.#find(unit, token)?.ending === null;
  }

  /** How the run with this token will end, if it is being stopped. Takes the same time for every wrong one. */
  endingOf(unit: string, token: string): Outcome | null {
    return this.#find(unit, token)?.ending ?? null;
  }

  #find(unit: string, token: string): Issued | undefined {
    const issued = this.#issued.get(unit);
    return issued !== undefined && timingSafeEqual(digest(issued.token), digest(token)) ? issued : undefined;
  }
}

/** Comparison in constant time needs values of one length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
