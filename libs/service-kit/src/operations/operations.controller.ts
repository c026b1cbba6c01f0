import { Controller, Inject, type Type } from '@nestjs/common';
import { operationsRoutes, type RouteInput, type RouteOutput, type ServiceName } from '@heirloom/contracts';
import type { SettingInForce } from '@heirloom/contracts';
import { OnRoute } from '../http/on-route.ts';
import { Jobs } from '../jobs/jobs.ts';
import { SETTINGS_IN_FORCE } from '../run/tokens.ts';
import { StaffNudges } from './staff-nudges.ts';

type Operations = (typeof operationsRoutes)[ServiceName];

/** What a service answers to operators about itself: a class of its own for each, since a method is bound to one contract. */
export function operationsControllerOf(service: ServiceName): Type {
  const routes: Operations = operationsRoutes[service];

  @Controller()
  class OperationsController {
    constructor(
      private readonly jobs: Jobs,
      private readonly nudges: StaffNudges,
      @Inject(SETTINGS_IN_FORCE) private readonly inForce: readonly SettingInForce[],
    ) {}

    @OnRoute(routes.jobs)
    async list(): Promise<RouteOutput<Operations['jobs']>> {
      return { jobs: await this.jobs.reports() };
    }

    @OnRoute(routes.retryJobs)
    async retry({
      params,
    }: RouteInput<Operations['retryJobs']>): Promise<RouteOutput<Operations['retryJobs']>> {
      const retried = await this.jobs.retryFailed(params.name);
      if (retried > 0) this.nudges.tell('jobs');
      return { retried };
    }

    @OnRoute(routes.runJob)
    async run({ params }: RouteInput<Operations['runJob']>): Promise<void> {
      await this.jobs.runNow(params.name);
      this.nudges.tell('jobs');
    }

    @OnRoute(routes.settings)
    settings(): RouteOutput<Operations['settings']> {
      return { settings: [...this.inForce] };
    }
  }
  return OperationsController;
}
