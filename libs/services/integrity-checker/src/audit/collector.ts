import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppError, auditMessages, limits, type Cursor, type ServiceName } from '@heirloom/contracts';
import { actsSince, Bus, Jobs, type ActsAnswer, type ActsQuestion } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import { AuditChain } from './audit-chain.ts';

const collectEveryMs = 5_000;

/** A service whose acts belong into the trail. */
export interface AuditSource {
  readonly service: ServiceName;
  ask(question: ActsQuestion): Promise<ActsAnswer>;
}

/** All four services; this one is asked without a message. */
export const auditSources = (bus: Bus, db: Database): AuditSource[] => [
  { service: 'auth', ask: (question) => bus.ask(auditMessages.authActs, question) },
  { service: 'sharing-policy', ask: (question) => bus.ask(auditMessages.sharingPolicyActs, question) },
  { service: 'vault', ask: (question) => bus.ask(auditMessages.vaultActs, question) },
  { service: 'integrity-checker', ask: (question) => actsSince(db, question) },
];

interface Taken {
  readonly cursor: Cursor | null;
  readonly witness: string | null;
}

/**
 * Takes the acts of all services over into the trail. The cursor moves in the transaction that adds the acts, so a kill at any
 * point loses none and doubles none, and of several processes that collect at once one comes first.
 */
@Injectable()
export class Collector implements OnApplicationBootstrap {
  readonly #log = new Logger(Collector.name);

  constructor(
    private readonly db: Database,
    private readonly chain: AuditChain,
    private readonly jobs: Jobs,
    private readonly sources: readonly AuditSource[],
    /** Hears the kinds of the acts that were taken, after they are in the trail. */
    private readonly taken: (kinds: readonly string[]) => void = () => undefined,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.every('collect-audit', collectEveryMs, () => this.collect());
  }

  /** Takes over what there is. A service that does not answer is asked again next time. */
  async collect(): Promise<void> {
    for (const source of this.sources) {
      try {
        while (await this.#take(source));
      } catch (err) {
        this.#log.warn({ err, from: source.service }, 'acts could not be taken into the audit trail');
      }
    }
  }

  /** Since when acts may be missing in the trail: the time of the source that was heard last. Undefined: one never was. */
  async confirmedAt(): Promise<Date | undefined> {
    const rows = await this.db.auditSource.findMany({ select: { confirmedAt: true } });
    const times = rows.flatMap(({ confirmedAt }) => confirmedAt ?? []);
    if (times.length < this.sources.length) return undefined;
    return times.reduce((a, b) => (a < b ? a : b));
  }

  /** One page. @returns whether there is more */
  async #take(source: AuditSource): Promise<boolean> {
    const before = await this.#taken(source.service);
    const head = await this.chain.newestHead();
    const begunAt = new Date();
    const answer = await this.#ask(source, before, head);
    if (!answer) return true;
    const isHeld = head !== undefined && answer.checkpoint === before.witness;
    const after: Taken = { cursor: answer.cursor, witness: isHeld ? head : answer.checkpoint };
    const isMore = await this.db.$transaction(
      async (tx) => {
        const ends = await this.chain.lock(tx);
        const now = await tx.auditSource.findUnique({ where: { service: source.service } });
        // Somebody else took the same page.
        if ((now?.cursor ?? null) !== before.cursor) return true;
        if (answer.checkpoint !== null) await this.chain.keepShown(tx, ends, answer.checkpoint);
        await this.chain.append(tx, ends, source.service, answer.acts);
        const data = { ...after, ...(answer.more ? {} : { confirmedAt: begunAt }) };
        await tx.auditSource.upsert({
          where: { service: source.service },
          create: { service: source.service, ...data },
          update: data,
        });
        return answer.more;
      },
      { maxWait: 10_000, timeout: 30_000 },
    );
    if (answer.acts.length > 0) this.taken(answer.acts.map(({ kind }) => kind));
    return isMore;
  }

  async #taken(service: ServiceName): Promise<Taken> {
    const row = await this.db.auditSource.findUnique({ where: { service } });
    return { cursor: (row?.cursor ?? null) as Cursor | null, witness: row?.witness ?? null };
  }

  /** Undefined when the cursor is of another database: the acts are read from the first one, and those in the trail left out. */
  async #ask(
    source: AuditSource,
    { cursor, witness }: Taken,
    head?: string,
  ): Promise<ActsAnswer | undefined> {
    try {
      return await source.ask({
        ...(cursor === null ? {} : { cursor }),
        limit: limits.auditActsPerQuestion,
        ...(head === undefined ? {} : { witness: { checkpoint: head, instead: witness } }),
      });
    } catch (error) {
      const isOfAnother =
        error instanceof AppError && (error.code === 'gone' || error.code === 'bad-request');
      if (!isOfAnother || cursor === null) throw error;
      await this.db.auditSource.updateMany({
        where: { service: source.service, cursor },
        data: { cursor: null },
      });
      return undefined;
    }
  }
}
