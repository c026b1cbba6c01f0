import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import { integrityRoutes, vaultMessages, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { Bus, OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { Copies } from '../copies/copies.ts';
import { History } from './history.ts';
import { nothingYet, verifyVersions } from './verification.ts';

@Controller()
export class VerificationsController {
  constructor(
    private readonly bus: Bus,
    private readonly copies: Copies,
    private readonly history: History,
  ) {}

  /** Vault decides again, by the person's own token, whose replicas these are. */
  @OnRoute(integrityRoutes.verify)
  async verify(
    { body }: RouteInput<typeof integrityRoutes.verify>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof integrityRoutes.verify>> {
    const { libraryId } = body;
    const { person, token, requestId, signal } = context;
    throwUnlessCan(await context.ability(), 'verify', rowOf('Library', { libraryId }));
    const page = await this.bus.ask(vaultMessages.replicasPage, body, { token, requestId });
    const progress = nothingYet();
    const done = await this.history.record({ ...person, libraryId }, progress, signal, () =>
      verifyVersions(this.copies, page.replicas, progress, signal),
    );
    const { copies, bytesRead, last } = progress;
    return { copies, bytesRead, finishedAt: new Date(), next: done ? page.next : last };
  }
}
