import { Injectable } from '@nestjs/common';
import type { ChainedEntry, RecordedAct, ServiceName } from '@heirloom/contracts';
import { hashAuditEntry } from '@heirloom/formats';
import { Database } from '../database.ts';
import type { Prisma } from '../generated/client.ts';
import { AuditKeys } from './audit-keys.ts';
import { contentOf, toRow } from './entry-row.ts';

type Transaction = Prisma.TransactionClient;

/** Where the trail ends and where it begins. */
export interface ChainEnds {
  size: bigint;
  hash: Uint8Array<ArrayBuffer>;
  startSize: bigint;
  startNote: string | null;
}

/** The one chain of all acts. */
@Injectable()
export class AuditChain {
  constructor(
    private readonly db: Database,
    private readonly keys: AuditKeys,
  ) {}

  /** Nobody else adds to the trail, or takes from it, until the transaction ends. */
  async lock(tx: Transaction): Promise<ChainEnds> {
    await tx.$queryRaw`SELECT 1 FROM audit_chain FOR UPDATE`;
    return tx.auditChain.findUniqueOrThrow({ where: { id: 1 } });
  }

  /** The greatest signed head that was ever seen here; undefined before the first act. */
  async newestHead(): Promise<string | undefined> {
    const newest = await this.db.auditCheckpoint.findFirst({
      orderBy: [{ size: 'desc' }, { at: 'desc' }],
      select: { note: true },
    });
    return newest?.note;
  }

  /** Adds acts to the locked chain, but those that are in it, and signs its new head. @returns how many were added */
  async append(
    tx: Transaction,
    ends: ChainEnds,
    service: ServiceName,
    acts: readonly RecordedAct[],
  ): Promise<number> {
    const fresh = await withoutKnown(tx, acts);
    if (fresh.length === 0) return 0;
    const size = Number(ends.size);
    const entries: ChainedEntry[] = [];
    let previous = ends.hash;
    for (const act of fresh) {
      const content = contentOf(service, act);
      const hash = hashAuditEntry(content, previous);
      entries.push({ ...content, index: size + entries.length, previous, hash });
      previous = hash;
    }
    await tx.auditEntry.createMany({ data: entries.map(toRow) });
    const head = { size: size + entries.length, root: previous };
    await tx.auditChain.update({ where: { id: 1 }, data: { size: head.size, hash: head.root } });
    await keepHead(tx, head, await this.keys.signHead(head));
    return entries.length;
  }

  /** Keeps a head that somebody else was shown, so that a trail which contradicts it is found out. */
  async keepShown(tx: Transaction, { startSize }: ChainEnds, note: string): Promise<void> {
    const head = await this.keys.openHead(note);
    if (head && head.size >= startSize) await keepHead(tx, head, note);
  }
}

async function keepHead(
  tx: Transaction,
  head: { size: number; root: Uint8Array },
  note: string,
): Promise<void> {
  const data = { size: head.size, hash: new Uint8Array(head.root), note };
  await tx.auditCheckpoint.createMany({ data: [data], skipDuplicates: true });
}

async function withoutKnown(tx: Transaction, acts: readonly RecordedAct[]): Promise<RecordedAct[]> {
  if (acts.length === 0) return [];
  const known = await tx.auditEntry.findMany({
    where: { actId: { in: acts.map(({ actId }) => actId) } },
    select: { actId: true },
  });
  const ids = new Set(known.map(({ actId }) => actId));
  return acts.filter(({ actId }) => !ids.has(actId));
}
