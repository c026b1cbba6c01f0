import { Controller, Inject, type Type } from '@nestjs/common';
import {
  AppError,
  operationsRoutes,
  type RouteInput,
  type RouteOutput,
  type ServiceName,
} from '@heirloom/contracts';
import type { SettingInForce } from '@heirloom/contracts';
import type { Person } from '../access/person.ts';
import { actorOf, recordAct } from '../audit/record-act.ts';
import { DatabaseConnections } from '../database/database-connections.ts';
import { OnRoute } from '../http/on-route.ts';
import type { RequestContext } from '../http/request-context.ts';
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
      private readonly connections: DatabaseConnections,
      @Inject(SETTINGS_IN_FORCE) private readonly inForce: readonly SettingInForce[],
    ) {}

    @OnRoute(routes.jobs)
    async list(): Promise<RouteOutput<Operations['jobs']>> {
      return { jobs: await this.jobs.reports() };
    }

    @OnRoute(routes.retryJobs)
    async retry(
      { params }: RouteInput<Operations['retryJobs']>,
      { person }: RequestContext,
    ): Promise<RouteOutput<Operations['retryJobs']>> {
      await this.#record(params.name, person);
      const retried = await this.jobs.retryFailed(params.name);
      if (retried > 0) this.nudges.tell('jobs');
      return { retried };
    }

    @OnRoute(routes.runJob)
    async run({ params }: RouteInput<Operations['runJob']>, { person }: RequestContext): Promise<void> {
      await this.#record(params.name, person);
      await this.jobs.runNow(params.name);
      this.nudges.tell('jobs');
    }

    /** Before it is done: the job store takes part in no transaction, and nothing may happen unrecorded. */
    async #record(job: string, person: Person): Promise<void> {
      if (!this.jobs.has(job)) throw new AppError('not-found');
      const { acts } = this.connections;
      if (acts) await recordAct(acts, { kind: 'job-retried', actor: actorOf(person), details: { job } });
    }

    @OnRoute(routes.settings)
    settings(): RouteOutput<Operations['settings']> {
      return { settings: [...this.inForce] };
    }
  }
  return OperationsController;
}
