import { Injectable } from '@nestjs/common';
import { AppError, limits, type FamilyId } from '@heirloom/contracts';
import { emptyRoot, equalBytes, leafHash, logOrigin, signCheckpoint, type Hash } from '@heirloom/formats';
import type { Transaction } from '../database.ts';
import { LogKeys } from './log-keys.ts';
import type { ReadEntry } from './entries.ts';
import {
  consistencyRanges,
  Frontier,
  rootOfSubtrees,
  subtreesOf,
  type NodeId,
  type TreeNode,
} from './tree.ts';

/** How far a family's log has come. */
export interface LogHead {
  size: number;
  root: Hash;
}
export const emptyHead = (): LogHead => ({ size: 0, root: emptyRoot() });

/** The append-only logs of families: entries as they were sent, and the hashes of every complete subtree. */
@Injectable()
export class FamilyLog {
  constructor(private readonly keys: LogKeys) {}

  /** The head of a family that exists. */
  async head(tx: Transaction, family: FamilyId): Promise<LogHead> {
    const { logSize, logRoot } = await tx.family.findUniqueOrThrow({ where: { id: family } });
    return { size: logSize, root: logRoot };
  }

  /** The same; nobody else appends until the transaction ends. */
  async lock(tx: Transaction, family: FamilyId): Promise<LogHead> {
    await tx.$queryRaw`SELECT 1 FROM families WHERE id = ${family}::uuid FOR UPDATE`;
    return this.head(tx, family);
  }

  /** Whether exactly these entries stand in the log already, because the request that brought them is repeated. */
  async holds(
    tx: Transaction,
    family: FamilyId,
    head: LogHead,
    entries: readonly ReadEntry[],
  ): Promise<boolean> {
    const first = entries[0]!.entry.index;
    if (first + entries.length > head.size) return false;
    const stored = await tx.logEntry.findMany({
      where: { familyId: family, index: { gte: first, lt: first + entries.length } },
      orderBy: { index: 'asc' },
    });
    return entries.every(({ bytes }, i) => equalBytes(bytes, stored[i]!.entry));
  }

  /**
   * Appends verified entries to a log that is locked or new, and stores its new head.
   * @throws AppError `log-conflict` unless each entry names the next index and the root of the tree before it.
   */
  async append(
    tx: Transaction,
    family: FamilyId,
    head: LogHead,
    entries: readonly ReadEntry[],
  ): Promise<LogHead> {
    const peaks = subtreesOf({ from: 0, to: head.size });
    const frontier = new Frontier(head.size, await this.#nodes(tx, family, peaks));
    const completed: TreeNode[] = [];
    for (const { bytes, entry } of entries) {
      if (entry.index !== frontier.size || !equalBytes(entry.head, frontier.root()))
        throw new AppError('log-conflict');
      completed.push(...frontier.append(leafHash(bytes)));
    }
    await tx.logEntry.createMany({
      data: entries.map(({ bytes, entry }) => ({
        familyId: family,
        index: entry.index,
        entry: new Uint8Array(bytes),
      })),
    });
    await tx.logNode.createMany({
      data: completed.map(({ level, index, hash }) => ({
        familyId: family,
        level,
        index,
        hash: new Uint8Array(hash),
      })),
    });
    const next = { size: frontier.size, root: frontier.root() };
    await tx.family.update({
      where: { id: family },
      data: { logSize: next.size, logRoot: new Uint8Array(next.root) },
    });
    return next;
  }

  /** Entries from `from` on, at most `limit` and limits.logPageBytes, at least one where there is one. */
  async page(tx: Transaction, family: FamilyId, head: LogHead, from: number, limit: number) {
    if (from >= head.size) return [];
    const rows = await tx.$queryRaw<{ index: number; entry: Uint8Array }[]>`
      SELECT index, entry FROM (
        SELECT index, entry, sum(length(entry)) OVER (ORDER BY index) AS bytes FROM log_entries
        WHERE family_id = ${family}::uuid AND index >= ${from}::int AND index < ${Math.min(from + limit, head.size)}::int
      ) AS page WHERE bytes <= ${limits.logPageBytes} OR index = ${from}::int ORDER BY index`;
    return rows.map(({ index, entry }) => ({ index, entry: new Uint8Array(entry) }));
  }

  /** @throws AppError `bad-request` unless 0 < from <= to <= the log's size. */
  async proof(tx: Transaction, family: FamilyId, head: LogHead, from: number, to: number): Promise<Hash[]> {
    if (from < 1 || from > to || to > head.size) {
      throw new AppError('bad-request', { detail: 'The log has no such pair of sizes.' });
    }
    const ranges = consistencyRanges(from, to).map(subtreesOf);
    const nodes = await this.#nodes(tx, family, ranges.flat());
    return ranges.map((ids) => rootOfSubtrees(nodes.splice(0, ids.length).map(({ hash }) => hash)));
  }

  /** The signed head, as clients keep it. */
  checkpoint(family: FamilyId, head: LogHead): Promise<string> {
    return signCheckpoint({ origin: logOrigin(family), ...head }, ...this.keys.signers);
  }

  /** The stored hashes of these subtrees, in this order. */
  async #nodes(tx: Transaction, familyId: FamilyId, ids: readonly NodeId[]): Promise<TreeNode[]> {
    if (ids.length === 0) return [];
    const rows = await tx.logNode.findMany({
      where: { familyId, OR: ids.map(({ level, index }) => ({ level, index })) },
    });
    const hashes = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
    return ids.map(({ level, index }) => {
      const hash = hashes.get(`${level}/${index}`);
      if (!hash) throw new Error(`the log of family ${familyId} lacks the node ${level}/${index}`);
      return { level, index, hash };
    });
  }
}
