import { Injectable } from '@nestjs/common';
import { equalBytes } from '@heirloom/formats';
import { byItself, recordAct } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import type { Prisma } from '../generated/client.ts';
import { AuditChain } from './audit-chain.ts';
import { AuditKeys } from './audit-keys.ts';

type Transaction = Prisma.TransactionClient;

/** At once; the rest goes at the next look. */
const maxEntries = 20_000;

/**
 * Deletes the oldest entries when their time is over, up to a checkpoint, which stays and is the beginning of what is left. A signed
 * note says so, since nobody but the holder of the key may shorten the trail at its front.
 */
@Injectable()
export class Retention {
  constructor(
    private readonly db: Database,
    private readonly chain: AuditChain,
    private readonly keys: AuditKeys,
    private readonly retentionMs: number,
  ) {}

  /** Does nothing while a check reads. @returns how many entries went */
  async run(): Promise<number> {
    return this.db.$transaction(
      async (tx) => {
        const { startSize } = await this.chain.lock(tx);
        if ((await tx.auditCheck.count({ where: { running: { not: null } } })) > 0) return 0;
        const cut = await this.#cut(tx, startSize);
        if (!cut) return 0;
        const size = BigInt(cut.size);
        const startNote = await this.keys.signStart(cut);
        await tx.$executeRaw`SET LOCAL heirloom.audit_retention = 'on'`;
        const { count } = await tx.auditEntry.deleteMany({ where: { index: { lt: size } } });
        await tx.auditCheckpoint.deleteMany({ where: { size: { lt: size } } });
        await tx.auditChain.update({ where: { id: 1 }, data: { startSize: size, startNote } });
        if (count > 0)
          await recordAct(tx, { kind: 'audit-pruned', actor: byItself, details: { entries: count } });
        return count;
      },
      { maxWait: 10_000, timeout: 60_000 },
    );
  }

  /** The last checkpoint before the first entry that is to stay, provided that the trail agrees with it. */
  async #cut(tx: Transaction, startSize: bigint) {
    const [kept] = await tx.$queryRaw<{ index: bigint | null }[]>`
      SELECT index FROM (
        SELECT index, at FROM audit_entries ORDER BY index LIMIT ${maxEntries + 1}::int) AS oldest
      WHERE at >= now() - ${this.retentionMs} * interval '1 millisecond' ORDER BY index LIMIT 1`;
    const upTo = kept?.index ?? startSize + BigInt(maxEntries);
    const checkpoint = await tx.auditCheckpoint.findFirst({
      where: { size: { gt: startSize, lte: upTo } },
      orderBy: { size: 'desc' },
    });
    if (!checkpoint) return undefined;
    const head = await this.keys.openHead(checkpoint.note);
    const last = await tx.auditEntry.findUnique({ where: { index: checkpoint.size - 1n } });
    return head && last && equalBytes(last.hash, head.root) ? head : undefined;
  }
}
