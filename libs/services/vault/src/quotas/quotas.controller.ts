import {
  quotaRoutes,
  vaultStaffRoutes,
  type Quota,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { actorOf, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Quotas } from './quotas.ts';
import { Usages } from './usages.ts';

@Controller()
export class QuotasController {
  constructor(
    private readonly quotas: Quotas,
    private readonly usages: Usages,
  ) {}

  @OnRoute(quotaRoutes.ownUsage)
  async own(
    _input: RouteInput<typeof quotaRoutes.ownUsage>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof quotaRoutes.ownUsage>> {
    return this.usages.own(await context.standing(), context.requestId);
  }

  @OnRoute(vaultStaffRoutes.setAccountQuota)
  setForAccount(
    { params: { accountId }, body: { bytes } }: RouteInput<typeof vaultStaffRoutes.setAccountQuota>,
    { person }: RequestContext,
  ): Promise<Quota> {
    return this.quotas.set('account', accountId, bytes, actorOf(person));
  }

  @OnRoute(vaultStaffRoutes.setFamilyQuota)
  setForFamily(
    { params: { familyId }, body: { bytes } }: RouteInput<typeof vaultStaffRoutes.setFamilyQuota>,
    { person }: RequestContext,
  ): Promise<Quota> {
    return this.quotas.set('family', familyId, bytes, actorOf(person));
  }

  @OnRoute(vaultStaffRoutes.usage)
  usage(
    { body: { accountIds, familyIds } }: RouteInput<typeof vaultStaffRoutes.usage>,
    { requestId }: RequestContext,
  ): Promise<RouteOutput<typeof vaultStaffRoutes.usage>> {
    return this.usages.of(accountIds, familyIds, requestId);
  }
}
