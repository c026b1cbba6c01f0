import type { LocationReader } from '@heirloom/blob-store';
import { Injectable, Logger } from '@nestjs/common';
import { AppError, vaultMessages, type BadCopy, type RepairState } from '@heirloom/contracts';
import { Bus } from '@heirloom/service-kit';
import { Findings, objectAt, type LiveFinding } from './findings.ts';

/** How soon to ask again what became of a repair. */
const repairingMs = 3_000;
const unrepairableMs = 10 * 60_000;

/** Brings findings to their end: tells vault of bad copies, asks what became of them, and looks at unknown objects again. */
@Injectable()
export class FollowUp {
  readonly #log = new Logger(FollowUp.name);
  readonly #locations: ReadonlyMap<string, LocationReader>;
  #running: Promise<void> | undefined;

  constructor(
    private readonly findings: Findings,
    private readonly bus: Bus,
    locations: readonly LocationReader[],
  ) {
    this.#locations = new Map(locations.map((location) => [location.id, location]));
  }

  /** Works through what is due. What cannot be settled now is due again soon. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(): Promise<void> {
    for (let due = await this.findings.take(); due.length > 0; due = await this.findings.take()) {
      const {
        suspected = [],
        open = [],
        repairing = [],
        unrepairable = [],
      } = Object.groupBy(due, ({ state }) => state);
      try {
        await this.#report(open);
        await this.#ask([...repairing, ...unrepairable]);
        await this.#lookAgain(suspected);
      } catch (err) {
        if (!(err instanceof AppError)) throw err;
        this.#log.warn({ err }, 'findings could not be followed up; this is tried again');
        return;
      }
    }
  }

  async #report(open: readonly LiveFinding[]): Promise<void> {
    if (open.length === 0) return;
    const findings = open.map(({ locationId, path, kind }) => ({
      locationId,
      object: objectAt(path)!,
      kind: kind as BadCopy,
    }));
    const { answers } = await this.bus.ask(vaultMessages.reportFindings, { findings });
    const by = Map.groupBy(open, (_finding, i) => answers[i]!);
    await this.findings.settle(by.get('repairing') ?? [], 'repairing', repairingMs);
    await this.findings.settle(by.get('unrepairable') ?? [], 'unrepairable', unrepairableMs);
    await this.findings.settle(by.get('ignored') ?? [], 'gone', 0);
  }

  async #ask(told: readonly LiveFinding[]): Promise<void> {
    const states = await this.#statesOf(told);
    const by = Map.groupBy(told, (_finding, i) => states[i]!);
    await this.findings.settle(by.get('present') ?? [], 'repaired', 0);
    await this.findings.settle(by.get('repairing') ?? [], 'repairing', repairingMs);
    await this.findings.settle(by.get('unrepairable') ?? [], 'unrepairable', unrepairableMs);
    await this.findings.settle([...(by.get('unknown') ?? []), ...(by.get('pending') ?? [])], 'gone', 0);
  }

  /** The second look, after the time of grace: is it still there, and still unknown? */
  async #lookAgain(suspected: readonly LiveFinding[]): Promise<void> {
    const states = await this.#statesOf(suspected);
    for (const [i, finding] of suspected.entries()) {
      const location = this.#locations.get(finding.locationId);
      const isThere = location && (await location.stat(objectAt(finding.path)!)) !== undefined;
      if (isThere && states[i] === 'unknown') await this.findings.settle([finding], 'reported', 0);
      else await this.findings.forget([finding]);
    }
  }

  async #statesOf(findings: readonly LiveFinding[]): Promise<RepairState[]> {
    if (findings.length === 0) return [];
    const copies = findings.map(({ locationId, path }) => ({ locationId, object: objectAt(path)! }));
    return (await this.bus.ask(vaultMessages.repairsOf, { copies })).states;
  }
}
