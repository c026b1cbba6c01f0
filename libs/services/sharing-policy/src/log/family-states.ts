import { Injectable } from '@nestjs/common';
import type { FamilyId } from '@heirloom/contracts';
import {
  applyEntries,
  emptyFamily,
  equalBytes,
  headOf,
  openEntries,
  type FamilyState,
} from '@heirloom/formats';
import type { Transaction } from '../database.ts';
import type { LogHead } from './family-log.ts';

const familiesKept = 500;
const entriesPerRead = 1_000;

/** What the logs of families say. Kept in memory from request to request, and only ever read from committed entries. */
@Injectable()
export class FamilyStates {
  readonly #kept = new Map<FamilyId, FamilyState>();

  /** The state at a head that is committed: of a log that is locked, before anything is appended. */
  async at(tx: Transaction, family: FamilyId, head: LogHead): Promise<FamilyState> {
    const kept = this.#kept.get(family);
    const state =
      (kept && (await continued(tx, kept, head))) ?? (await continued(tx, emptyFamily(family), head));
    if (!state) throw new Error(`the log of family ${family} does not have the root of its head`);
    this.#keep(state);
    return state;
  }

  #keep(state: FamilyState): void {
    this.#kept.delete(state.family);
    this.#kept.set(state.family, state);
    if (this.#kept.size > familiesKept) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

/** Undefined when the entries behind `from` do not lead to the head: the catalogue was rebuilt meanwhile. */
async function continued(
  tx: Transaction,
  from: FamilyState,
  head: LogHead,
): Promise<FamilyState | undefined> {
  let state = from;
  while (state.peaks.size < head.size) {
    const rows = await tx.logEntry.findMany({
      where: { familyId: from.family, index: { gte: state.peaks.size, lt: head.size } },
      orderBy: { index: 'asc' },
      take: entriesPerRead,
    });
    if (rows.length === 0) return undefined;
    try {
      state = await applyEntries(state, await openEntries(rows.map(({ entry }) => entry)));
    } catch (error) {
      if (from.peaks.size > 0) return undefined;
      throw new Error(`the stored log of family ${from.family} is not valid`, { cause: error });
    }
  }
  return equalBytes(headOf(state).root, head.root) ? state : undefined;
}
