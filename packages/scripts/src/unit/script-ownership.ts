import type { Outcome } from '@muster/unit';
import type { Script, Trigger } from '../script.ts';
import type { RunTokens } from './run-tokens.ts';

/**
 * Who may report the units of scripts: only their present runs. Has the shape that a server of the socket asks for.
 */
export class ScriptOwnership {
  readonly #tokens: RunTokens;
  readonly #scripts = new Map<string, Script>();
  /** What may still run scripts of its own accord. */
  readonly #open = new Set<Trigger>(['start', 'cron']);

  constructor(tokens: RunTokens) {
    this.#tokens = tokens;
  }

  /** Whether the unit is that of a script. */
  isOwned(unit: string): boolean {
    return this.#scripts.has(unit);
  }

  /** Whether the token is that of the present run of the script, which is not being stopped. */
  accepts(unit: string, token: string): boolean {
    return this.#tokens.accepts(unit, token);
  }

  /** How the present run of the script will end, if the token is its own and it is being stopped: `null` otherwise. */
  endingOf(unit: string, token: string): Outcome | null {
    return this.#tokens.endingOf(unit, token);
  }

  /** Whether the runner will still run the script without being asked: not once its only trigger has been and gone. */
  willRun(unit: string): boolean {
    return this.#scripts.get(unit)?.triggers.some((trigger) => this.#open.has(trigger)) ?? false;
  }

  /** @internal */
  add(unit: string, script: Script): void {
    this.#scripts.set(unit, script);
  }

  /** @internal */
  begin(trigger: Trigger): void {
    this.#open.add(trigger);
  }

  /** @internal */
  end(trigger: Trigger): void {
    this.#open.delete(trigger);
  }
}
