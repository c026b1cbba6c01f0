import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppError, type AuditActor, type AuditCheck, type AuditCheckId } from '@heirloom/contracts';
import { verifyAuditTrail } from '@heirloom/formats';
import { byItself, Jobs } from '@heirloom/service-kit';
import { AuditChecks } from './audit-checks.ts';
import { AuditKeys } from './audit-keys.ts';
import { AuditTrail } from './audit-trail.ts';
import { Retention } from './retention.ts';

const lookEveryMs = 30_000;

/**
 * Reads the whole trail again and again. The row of a check is the queue: a process that dies in the middle is followed by another
 * one that begins the reading anew.
 */
@Injectable()
export class AuditChecker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new Logger(AuditChecker.name);
  #stopped = false;
  #run: Promise<void> | undefined;

  constructor(
    private readonly checks: AuditChecks,
    private readonly trail: AuditTrail,
    private readonly keys: AuditKeys,
    private readonly retention: Retention,
    private readonly jobs: Jobs,
    /** Between the beginnings of two checks; 0 for none by the clock. */
    private readonly intervalMs: number,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.on('check-audit', async () => this.#goOn());
    await this.jobs.every('look-after-audit', lookEveryMs, () => this.look());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    await this.#run?.catch(() => undefined);
  }

  /** Begins a check, or answers the one that runs. */
  async start(cause: 'schedule' | 'operator', actor: AuditActor, id?: AuditCheckId): Promise<AuditCheck> {
    const check = await this.checks.start(cause, actor, id);
    this.#goOn();
    return check;
  }

  /** Does whatever is due. */
  async look(): Promise<void> {
    if (await this.#isDue()) await this.checks.start('schedule', byItself);
    await this.run();
    await this.retention.run();
  }

  /** Reads for the check that runs, if there is one and nobody else reads for it. */
  run(): Promise<void> {
    return (this.#run ??= this.#read().finally(() => (this.#run = undefined)));
  }

  #goOn(): void {
    void this.run().catch((err: unknown) =>
      this.#log.error({ err }, 'a check of the audit trail was interrupted; it is begun anew'),
    );
  }

  async #isDue(): Promise<boolean> {
    if (this.intervalMs === 0) return false;
    const last = await this.checks.lastStartedAt();
    return last === undefined || Date.now() - last.getTime() >= this.intervalMs;
  }

  async #read(): Promise<void> {
    const id = await this.checks.lease();
    if (id === undefined) return;
    try {
      const bounds = await this.trail.bounds();
      const each = async () => {
        if (this.#stopped) throw new AppError('unavailable', { detail: 'This server is stopping.' });
        await this.checks.extend(id);
      };
      const verdict = await verifyAuditTrail(
        () => this.trail.read(bounds, each),
        this.keys.all,
        Number(bounds.size),
      );
      await this.checks.finish(id, verdict);
      const { faults, entries } = verdict;
      if (faults.length > 0) this.#log.error({ checkId: id, entries, faults }, 'the audit trail is damaged');
    } catch (error) {
      await this.checks.release(id);
      throw error;
    }
  }
}
