import { Controller } from '@nestjs/common';
import { familyRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import { FamilyLog } from '../log/family-log.ts';
import { memberOf } from '../members/members.ts';
import { Standings } from '../standing/standings.ts';
import { Families } from './families.ts';

@Controller()
export class FamiliesController {
  constructor(
    private readonly db: Database,
    private readonly families: Families,
    private readonly familyLog: FamilyLog,
    private readonly standings: Standings,
  ) {}

  @OnRoute(familyRoutes.create)
  async create(
    { body }: RouteInput<typeof familyRoutes.create>,
    { person, requestId }: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.create>> {
    const created = await this.families.create(person.accountId, body);
    await this.standings.changed([person.accountId], requestId);
    return created;
  }

  @OnRoute(familyRoutes.mine)
  async mine(
    _input: RouteInput<typeof familyRoutes.mine>,
    { person }: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.mine>> {
    const { familyId, libraryId, role } = await memberOf(this.db, person.accountId);
    const head = await this.familyLog.head(this.db, familyId);
    return { familyId, libraryId, role, checkpoint: await this.familyLog.checkpoint(familyId, head) };
  }
}
