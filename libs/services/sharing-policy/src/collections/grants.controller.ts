import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import { AppError, grantRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import type { EventOf, FamilyState } from '@heirloom/formats';
import { OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { eventOf, mustAgree, mustBeOf, onlyEvent, type ReadEntry } from '../log/entries.ts';
import { FamilyChanges } from '../log/family-changes.ts';

@Controller()
export class GrantsController {
  constructor(private readonly changes: FamilyChanges) {}

  @OnRoute(grantRoutes.grant)
  async grant(
    { params: { albumId }, body }: RouteInput<typeof grantRoutes.grant>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof grantRoutes.grant>> {
    const { accountId } = context.person;
    const { checkpoint } = await this.changes.make(
      {
        accountId,
        entries: body.entries,
        material: { sealedKeys: body.sealedKeys.map(({ sealedKey }) => sealedKey) },
        check: (entries) => {
          mustBeOf(entries, 'granted', 'granted-to-invite');
          for (const { entry } of entries)
            mustAgree(
              (entry.event as EventOf<'granted' | 'granted-to-invite'>).collection === (albumId as string),
              'A grant is of another album.',
            );
        },
        allow: (ability) => throwUnlessCan(ability, 'share', rowOf('Album', { albumId, audience: 'family' })),
      },
      context,
    );
    return { checkpoint };
  }

  @OnRoute(grantRoutes.revokeGrant)
  revoke(
    { params, body }: RouteInput<typeof grantRoutes.revokeGrant>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof grantRoutes.revokeGrant>> {
    const { accountId } = context.person;
    const { albumId } = params;
    return this.changes.make(
      {
        accountId,
        entries: body.entries,
        check: (entries) => {
          const { collection, grantee } = onlyEvent('grant-revoked', entries);
          mustAgree(
            collection === (albumId as string) && grantee === params.accountId,
            'An entry is about another album or person.',
          );
        },
        allow: (ability) => {
          const album = rowOf('Album', { albumId, audience: 'family' });
          throwUnlessCan(ability, params.accountId === accountId ? 'read' : 'share', album);
        },
      },
      context,
    );
  }

  @OnRoute(grantRoutes.mintEpoch)
  async mint(
    { params: { collectionId }, body }: RouteInput<typeof grantRoutes.mintEpoch>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof grantRoutes.mintEpoch>> {
    const { accountId } = context.person;
    const { checkpoint } = await this.changes.make(
      {
        accountId,
        entries: body.entries,
        material: { sealedKeys: body.sealedKeys.map(({ sealedKey }) => sealedKey) },
        check: (entries, state) => mustBeNext(entries, state, collectionId, body.epoch),
        // Who may mint depends on more than roles: the family's rules decide about the entries.
        allow: (ability, { familyId }) =>
          throwUnlessCan(ability, 'create', rowOf('FamilyLog', { familyId, accountId })),
      },
      context,
    );
    return { checkpoint };
  }
}

/** @throws AppError `epoch-stale` when somebody else was faster, `not-found`, `bad-request` */
function mustBeNext(
  [minted, ...grants]: readonly ReadEntry[],
  state: FamilyState,
  id: RouteInput<typeof grantRoutes.mintEpoch>['params']['collectionId'],
  epoch: number,
): void {
  const collection = state.collections.get(id);
  if (!collection) throw new AppError('not-found');
  if (epoch !== collection.epoch + 1) throw new AppError('epoch-stale');
  eventOf('epoch-minted', minted);
  mustBeOf(grants, 'granted', 'granted-to-invite');
  for (const { entry } of grants) {
    const event = entry.event as EventOf<'granted' | 'granted-to-invite'>;
    mustAgree(
      event.collection === id && event.epoch === epoch,
      'A grant is of another key than the new one.',
    );
  }
}
