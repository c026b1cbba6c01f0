import { Controller } from '@nestjs/common';
import { familyRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import { FamilyLog } from '../log/family-log.ts';
import { memberOf } from '../members/members.ts';
import { Families } from './families.ts';

@Controller()
export class FamiliesController {
  constructor(
    private readonly db: Database,
    private readonly families: Families,
    private readonly familyLog: FamilyLog,
  ) {}

  @OnRoute(familyRoutes.create)
  async create(
    { body }: RouteInput<typeof familyRoutes.create>,
    { person, requestId }: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.create>> {
    const { checkpoint } = await this.families.create(person.accountId, body, requestId);
    return { checkpoint };
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
