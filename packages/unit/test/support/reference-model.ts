import type { Outcome, Requirement, Status } from '@muster/unit';

/**
 * What the manager should do, written to be obviously right and nothing else: it keeps lists, searches the whole graph,
 * and counts everything anew for every question.
 */
export class ReferenceModel {
  readonly units: ModelUnit[] = [];
  readonly edges: ModelEdge[] = [];
  readonly events: object[] = [];

  register(unit: string): string | null {
    if (this.find(unit)?.status) return 'already_registered';
    this.mention(unit).status = 'pending';
    this.emit({ type: 'registered', unit });
    return null;
  }

  addDependencies(unit: string, dependencies: readonly { dependsOn: string; requires: Requirement }[]): string | null {
    if (!this.find(unit)?.status) return 'unknown_unit';
    if (dependencies.some(({ dependsOn }) => this.reaches(dependsOn, unit))) return 'cycle';
    for (const { dependsOn, requires } of dependencies) this.setDependency(unit, dependsOn, requires);
    this.skipWhatIsImpossible();
    return null;
  }

  start(unit: string): string | null {
    const found = this.find(unit);
    if (!found?.status) return 'unknown_unit';
    if (found.status === 'started') return 'already_started';
    const readiness = this.readiness(unit);
    if (readiness !== 'runnable') return readiness === 'waiting' ? 'not_ready' : 'impossible';
    Object.assign(found, { status: 'started', run: found.run + 1, begun: true });
    this.emit({ type: 'started', unit, run: found.run });
    this.skipWhatIsImpossible();
    return null;
  }

  complete(unit: string, outcome: Outcome): string | null {
    const found = this.find(unit);
    if (!found?.status) return 'unknown_unit';
    if (found.status === 'completed') return 'already_completed';
    this.end(found, outcome, null);
    this.skipWhatIsImpossible();
    return null;
  }

  find(unit: string): ModelUnit | undefined {
    return this.units.find((one) => one.unit === unit);
  }

  readiness(unit: string): 'runnable' | 'waiting' | 'impossible' {
    const standings = this.edges.filter((edge) => edge.unit === unit).map((edge) => this.standing(edge));
    if (standings.includes('impossible')) return 'impossible';
    return standings.includes('waiting') ? 'waiting' : 'runnable';
  }

  standing({ dependsOn, requires }: ModelEdge): 'waiting' | 'satisfied' | 'impossible' {
    const target = this.mention(dependsOn);
    if (requires === 'started') return target.begun ? 'satisfied' : target.outcome === null ? 'waiting' : 'impossible';
    if (target.outcome === null) return 'waiting';
    if (requires === 'completed' || target.outcome === 'succeeded') return 'satisfied';
    return target.status === 'started' ? 'waiting' : 'impossible';
  }

  private setDependency(unit: string, dependsOn: string, requires: Requirement): void {
    const known = this.edges.find((edge) => edge.unit === unit && edge.dependsOn === dependsOn);
    if (known?.requires === requires) return;
    this.mention(dependsOn);
    const event = { type: 'dependency_set', unit, dependsOn, requires };
    this.emit(known ? { ...event, replaces: known.requires } : event);
    if (known) known.requires = requires;
    else this.edges.push({ unit, dependsOn, requires });
  }

  private reaches(from: string, to: string): boolean {
    return from === to || this.edges.some((edge) => edge.unit === from && this.reaches(edge.dependsOn, to));
  }

  /** Skips one unit after the other until none is left that is pending and impossible. */
  private skipWhatIsImpossible(): void {
    for (;;) {
      const stuck = this.units.find(
        ({ unit, status }) => status === 'pending' && this.readiness(unit) === 'impossible',
      );
      if (!stuck) return;
      const causes = this.edges.filter((edge) => edge.unit === stuck.unit && this.standing(edge) === 'impossible');
      this.end(stuck, 'skipped', causes);
    }
  }

  private end(found: ModelUnit, outcome: Outcome, because: ModelEdge[] | null): void {
    if (found.status === 'pending') found.run += 1;
    Object.assign(found, { status: 'completed', outcome });
    if (outcome !== 'skipped' && outcome !== 'canceled') found.begun = true;
    this.emit({ type: 'completed', unit: found.unit, run: found.run, outcome, ...(because ? { because } : {}) });
  }

  private mention(unit: string): ModelUnit {
    const known = this.find(unit);
    if (known) return known;
    const added: ModelUnit = { unit, status: null, outcome: null, run: 0, begun: false };
    this.units.push(added);
    return added;
  }

  private emit(event: object): void {
    this.events.push({ seq: this.events.length + 1, ...event });
  }
}

interface ModelUnit {
  unit: string;
  status: Status | null;
  outcome: Outcome | null;
  run: number;
  begun: boolean;
}

interface ModelEdge {
  unit: string;
  dependsOn: string;
  requires: Requirement;
}
