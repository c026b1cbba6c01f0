import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import { familyRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import { memberOf } from '../members/members.ts';
import { Standings } from '../standing/standings.ts';
import { mustBeOf } from './entries.ts';
import { FamilyChanges } from './family-changes.ts';
import { FamilyLog } from './family-log.ts';
import { LogKeys } from './log-keys.ts';

@Controller()
export class LogController {
  constructor(
    private readonly db: Database,
    private readonly familyLog: FamilyLog,
    private readonly changes: FamilyChanges,
    private readonly standings: Standings,
    private readonly keys: LogKeys,
  ) {}

  @OnRoute(familyRoutes.logKey)
  async logKey(): Promise<RouteOutput<typeof familyRoutes.logKey>> {
    return { verifierKey: this.keys.pinned, handovers: await this.keys.handovers() };
  }

  @OnRoute(familyRoutes.log)
  async read(
    { query }: RouteInput<typeof familyRoutes.log>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.log>> {
    const { familyId, head } = await this.#readable(context);
    return {
      entries: await this.familyLog.page(this.db, familyId, head, query.from, query.limit),
      checkpoint: await this.familyLog.checkpoint(familyId, head),
    };
  }

  @OnRoute(familyRoutes.logProof)
  async proof(
    { query }: RouteInput<typeof familyRoutes.logProof>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.logProof>> {
    const { familyId, head } = await this.#readable(context);
    const hashes = await this.familyLog.proof(this.db, familyId, head, query.from, query.to);
    return { hashes: hashes.map((hash) => new Uint8Array(hash)) };
  }

  @OnRoute(familyRoutes.appendLog)
  async append(
    { body }: RouteInput<typeof familyRoutes.appendLog>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.appendLog>> {
    const { accountId } = context.person;
    const { checkpoint } = await this.changes.make(
      {
        accountId,
        entries: body.entries,
        check: (entries) => mustBeOf(entries, 'device-added', 'device-revoked'),
        allow: (ability, { familyId }) =>
          throwUnlessCan(ability, 'create', rowOf('FamilyLog', { familyId, accountId })),
      },
      context,
    );
    return { checkpoint };
  }

  async #readable({ person: { accountId } }: RequestContext) {
    const { familyId } = await memberOf(this.db, accountId);
    throwUnlessCan(await this.standings.abilityOf(accountId), 'read', rowOf('FamilyLog', { familyId }));
    return { familyId, head: await this.familyLog.head(this.db, familyId) };
  }
}
