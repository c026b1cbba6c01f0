import {
  quotaRoutes,
  vaultStaffRoutes,
  type Quota,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { actorOf, OnRoute, StaffNudges, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Quotas } from './quotas.ts';
import { Usages } from './usages.ts';

@Controller()
export class QuotasController {
  constructor(
    private readonly quotas: Quotas,
    private readonly usages: Usages,
    private readonly nudges: StaffNudges,
  ) {}

  @OnRoute(quotaRoutes.ownUsage)
  async own(
    _input: RouteInput<typeof quotaRoutes.ownUsage>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof quotaRoutes.ownUsage>> {
    return this.usages.own(await context.standing(), context.requestId);
  }

  @OnRoute(vaultStaffRoutes.setAccountQuota)
  async setForAccount(
    { params: { accountId }, body: { bytes } }: RouteInput<typeof vaultStaffRoutes.setAccountQuota>,
    { person }: RequestContext,
  ): Promise<Quota> {
    const quota = await this.quotas.set('account', accountId, bytes, actorOf(person));
    this.nudges.tell('quotas');
    return quota;
  }

  @OnRoute(vaultStaffRoutes.setFamilyQuota)
  async setForFamily(
    { params: { familyId }, body: { bytes } }: RouteInput<typeof vaultStaffRoutes.setFamilyQuota>,
    { person }: RequestContext,
  ): Promise<Quota> {
    const quota = await this.quotas.set('family', familyId, bytes, actorOf(person));
    this.nudges.tell('quotas');
    return quota;
  }

  @OnRoute(vaultStaffRoutes.usage)
  usage(
    { body: { accountIds, familyIds } }: RouteInput<typeof vaultStaffRoutes.usage>,
    { requestId }: RequestContext,
  ): Promise<RouteOutput<typeof vaultStaffRoutes.usage>> {
    return this.usages.of(accountIds, familyIds, requestId);
  }
}
