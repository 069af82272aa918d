import type { UnitInfo, WaitInfo } from '@muster/socket/protocol';
import type { Agent } from '../agent.ts';

/** What no event tells of a unit: how long it takes as a rule, and what its work waits for at this moment. */
export interface Prospect {
  readonly expectedMs: UnitInfo['expectedMs'];
  readonly waits: readonly WaitInfo[];
}

/** Of a unit that nothing more is known of. */
export const NOTHING_KNOWN: Prospect = { expectedMs: null, waits: [] };

/** The {@link Prospect} of every unit: as of the last look, of which there may be one a second. */
export class Outlook {
  readonly #agent: Agent;
  readonly #expected: ReadonlyMap<string, UnitInfo['expectedMs']>;
  #waits: ReadonlyMap<string | null, readonly WaitInfo[]> = new Map();
  #isLooking = false;

  private constructor(agent: Agent, units: readonly UnitInfo[]) {
    this.#agent = agent;
    this.#expected = new Map(units.map(({ unit, expectedMs }) => [unit, expectedMs]));
  }

  static async open(agent: Agent): Promise<Outlook> {
    const { units } = await agent.call('sync.list', {});
    return new Outlook(agent, units);
  }

  of(unit: string): Prospect {
    const expectedMs = this.#expected.get(unit) ?? null;
    const waits = this.#waits.get(unit) ?? NOTHING_KNOWN.waits;
    return expectedMs === null && waits.length === 0 ? NOTHING_KNOWN : { expectedMs, waits };
  }

  /** Asks again what is waited for, unless that is being asked already. Never rejects. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { waits } = await this.#agent.connection.call('sync.waits', {});
      this.#waits = Map.groupBy(waits, ({ unit }) => unit);
    } catch {
      // The connection is lost, which whoever watches is told.
    } finally {
      this.#isLooking = false;
    }
  }
}
