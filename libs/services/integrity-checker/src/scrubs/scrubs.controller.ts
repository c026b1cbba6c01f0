import { Controller } from '@nestjs/common';
import { integrityRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { actorOf, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Scrubber } from './scrubber.ts';
import { Scrubs } from './scrubs.ts';

@Controller()
export class ScrubsController {
  constructor(
    private readonly scrubber: Scrubber,
    private readonly scrubs: Scrubs,
  ) {}

  @OnRoute(integrityRoutes.startScrub)
  start(
    { body }: RouteInput<typeof integrityRoutes.startScrub>,
    { person }: RequestContext,
  ): Promise<RouteOutput<typeof integrityRoutes.startScrub>> {
    return this.scrubber.start('operator', actorOf(person), body.scrubId);
  }

  @OnRoute(integrityRoutes.scrubs)
  async list({
    query,
  }: RouteInput<typeof integrityRoutes.scrubs>): Promise<RouteOutput<typeof integrityRoutes.scrubs>> {
    return { scrubs: await this.scrubs.list(query.limit) };
  }

  @OnRoute(integrityRoutes.scrub)
  read({
    params,
  }: RouteInput<typeof integrityRoutes.scrub>): Promise<RouteOutput<typeof integrityRoutes.scrub>> {
    return this.scrubs.read(params.scrubId);
  }
}
