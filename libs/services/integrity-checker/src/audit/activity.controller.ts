import { Controller } from '@nestjs/common';
import { auditRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { AuditEntries } from './audit-entries.ts';

type Activity = typeof auditRoutes.activity;

/** The part of the audit trail that concerns whoever asks. */
@Controller()
export class ActivityController {
  constructor(private readonly entries: AuditEntries) {}

  @OnRoute(auditRoutes.activity)
  async list({ query }: RouteInput<Activity>, context: RequestContext): Promise<RouteOutput<Activity>> {
    const { family } = await context.standing();
    return this.entries.of(context.person.accountId, family?.familyId, query);
  }
}
