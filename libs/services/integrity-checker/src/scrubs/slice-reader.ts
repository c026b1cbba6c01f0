import { setTimeout as sleep } from 'node:timers/promises';
import type { LocationReader } from '@heirloom/blob-store';
import { Logger } from '@nestjs/common';
import {
  AppError,
  badCopy,
  vaultMessages,
  type BadCopy,
  type ExpectedCopy,
  type ObjectName,
} from '@heirloom/contracts';
import type { Bus } from '@heirloom/service-kit';
import { readCopy, type CopyReading } from '../copies/read-copy.ts';
import type { Findings } from '../findings/findings.ts';
import type { HashStream } from '../hashing/hash-workers.ts';
import type { Pace } from '../pace/pace.ts';
import { sliceBounds } from './slice-bounds.ts';
import type { SliceProgress, SliceTask } from './slice-leases.ts';

/** Copies whose rows are held in memory at a time. */
const copiesPerPage = 200;
/** How much is read, and for how long, before it is written down how far it is. */
const saveBytes = 64 * 1024 * 1024;
const saveMs = 5_000;
/** A moment between the two readings of a copy that seems to be bad. */
const againMs = 200;

export interface SliceTools {
  location: LocationReader;
  bus: Bus;
  findings: Findings;
  hash: HashStream;
  pace: Pace;
  /** How long an unknown object may be one that is just being stored. */
  graceMs: number;
  /** Keeps the progress and puts the lease off. Throws when the lease was lost. */
  save(progress: SliceProgress): Promise<void>;
}

/** Reads one slice: every copy that should be there, then whatever else is. It changes nothing in the location. */
export class SliceReader {
  readonly #log = new Logger(SliceReader.name);
  #progress: SliceProgress;
  #savedMs = performance.now();
  #savedAfter: ObjectName | null;
  #found = false;

  constructor(
    private readonly task: SliceTask,
    private readonly tools: SliceTools,
    private readonly signal: AbortSignal,
  ) {
    this.#progress = { copies: 0, bytesRead: 0, after: task.after };
    this.#savedAfter = task.after;
  }

  /**
   * @returns whether something was found
   * @throws AppError `unavailable` or `timeout` when the location or vault does not answer; the signal's reason
   */
  async read(): Promise<boolean> {
    await this.#readCopies();
    await this.#findStrangers();
    await this.tools.findings.endUnseen(this.task);
    return this.#found;
  }

  async #readCopies(): Promise<void> {
    const { from, to } = sliceBounds(this.task.number);
    const { locationId } = this.task;
    let next: ObjectName | null;
    do {
      const { after } = this.#progress;
      const page = await this.tools.bus.ask(vaultMessages.replicaSlice, {
        locationId,
        from,
        ...(to === undefined ? {} : { to }),
        ...(after === null ? {} : { after }),
        limit: copiesPerPage,
      });
      for (const copy of page.copies) await this.#readCopy(copy);
      await this.#save();
      next = page.next;
    } while (next !== null);
  }

  async #readCopy(copy: ExpectedCopy): Promise<void> {
    // One that is still to be made for the first time is nobody's loss.
    if (copy.state !== 'wanted') {
      const first = await this.#look(copy);
      const bad = isBad(first) ? await this.#lookAgain(copy, first) : undefined;
      if (bad) {
        await this.tools.findings.noteBad(this.task, copy.object, bad);
        this.#found = true;
      }
      this.#progress.copies++;
    }
    this.#progress.after = copy.object;
    const isDue = this.#progress.bytesRead >= saveBytes || performance.now() - this.#savedMs >= saveMs;
    if (isDue) await this.#save();
  }

  /** A reading that only once gave other bytes is the reader's fault, or the way's. */
  async #lookAgain(copy: ExpectedCopy, first: BadCopy): Promise<BadCopy | undefined> {
    await sleep(againMs, undefined, { signal: this.signal }).catch(() => this.signal.throwIfAborted());
    const second = await this.#look(copy);
    const about = { object: copy.object, location: this.task.locationId, first, second };
    this.#log.warn(about, isBad(second) ? 'a copy is bad' : 'a copy was read wrongly once');
    return isBad(second) ? second : undefined;
  }

  async #look({ object, objectBytes }: ExpectedCopy): Promise<CopyReading['state']> {
    const { location, hash, pace } = this.tools;
    const { state, bytesRead } = await readCopy(location, { object, objectBytes }, this.signal, {
      hash,
      pace: (bytes, signal) => pace.take(bytes, signal),
    });
    this.#progress.bytesRead += bytesRead;
    if (state !== 'unreachable') return state;
    throw new AppError('unavailable', { detail: `Storage location ${location.id} does not answer.` });
  }

  /** Finds what the catalogue does not know. Names alone are looked at, so beginning again costs little. */
  async #findStrangers(): Promise<void> {
    const { from, to } = sliceBounds(this.task.number);
    const bounds = { from, ...(to === undefined ? {} : { to }), limit: copiesPerPage };
    let after: string | undefined;
    do {
      this.signal.throwIfAborted();
      const query = { ...bounds, ...(after === undefined ? {} : { after }) };
      const page = await this.tools.location.list(query);
      const names = page.entries.map(({ name }) => name);
      for (const name of await this.#unknownOf(names))
        await this.tools.findings.noteUnknown(this.task, name, this.tools.graceMs);
      if (page.unknown.length > 0) {
        const again = new Set((await this.tools.location.list(query)).unknown);
        for (const path of page.unknown.filter((one) => again.has(one)))
          await this.tools.findings.noteStranger(this.task, path);
      }
      after = page.next;
      await this.#save();
    } while (after !== undefined);
  }

  async #unknownOf(names: readonly ObjectName[]): Promise<ObjectName[]> {
    if (names.length === 0) return [];
    const copies = names.map((object) => ({ locationId: this.task.locationId, object }));
    const { states } = await this.tools.bus.ask(vaultMessages.repairsOf, { copies });
    return names.filter((_name, i) => states[i] === 'unknown');
  }

  async #save(): Promise<void> {
    // Most slices of a small installation are empty.
    if (this.#progress.after === this.#savedAfter && performance.now() - this.#savedMs < saveMs) return;
    this.#savedAfter = this.#progress.after;
    await this.tools.save(this.#progress);
    this.#progress = { copies: 0, bytesRead: 0, after: this.#progress.after };
    this.#savedMs = performance.now();
  }
}

const isBad = (state: string): state is BadCopy => badCopy.safeParse(state).success;
