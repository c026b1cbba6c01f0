import { Controller, Logger } from '@nestjs/common';
import {
  AppError,
  integrityStaffRoutes,
  storageMessages,
  type Overview,
  type StorageFigures,
} from '@heirloom/contracts';
import { Bus, OnRoute } from '@heirloom/service-kit';
import { Findings } from '../findings/findings.ts';
import { Instances } from '../instances/instances.ts';
import { AuditFigures } from './audit-figures.ts';
import { Scrubs } from '../scrubs/scrubs.ts';

/** The page is shown without what does not come in time. */
const storageTimeoutMs = 4_000;

@Controller()
export class OverviewController {
  readonly #log = new Logger(OverviewController.name);

  constructor(
    private readonly bus: Bus,
    private readonly instances: Instances,
    private readonly findings: Findings,
    private readonly scrubs: Scrubs,
    private readonly audit: AuditFigures,
  ) {}

  @OnRoute(integrityStaffRoutes.overview)
  async read(): Promise<Overview> {
    const [storage, findings, audit, scrubs, { checkedSince }] = await Promise.all([
      this.#storage(),
      this.findings.live(),
      this.audit.read(),
      // One may run, and the one before it has ended.
      this.scrubs.list(2),
      this.scrubs.checks(),
    ]);
    return {
      at: new Date(),
      instances: this.instances.list(),
      missing: this.instances.missing(),
      storage,
      findings,
      audit,
      scrubs: {
        running: scrubs.find(({ state }) => state === 'running') ?? null,
        last: scrubs.find(({ state }) => state !== 'running') ?? null,
        checkedSince,
      },
    };
  }

  async #storage(): Promise<StorageFigures | null> {
    try {
      return await this.bus.ask(storageMessages.storage, {}, { timeoutMs: storageTimeoutMs });
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      this.#log.warn({ err }, 'vault does not say how its storage is');
      return null;
    }
  }
}
