import { rowOf } from '@heirloom/access';
import {
  vaultMessages,
  type MessageInput,
  type MessageOutput,
  type LocationId,
  type ObjectName,
  type VersionId,
} from '@heirloom/contracts';
import { abilityTo, OnMessage, type MessageContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { readable } from '../database/readable.ts';
import { Database } from '../database/database.ts';
import { Locations } from '../locations/locations.ts';
import { isShown } from '../trash/in-trash.ts';
import { CopyStates, keptStates, type KeptState } from './copy-states.ts';
import { Replicator } from './replicator.ts';

type Page = typeof vaultMessages.replicasPage;
type Slice = typeof vaultMessages.replicaSlice;
type Report = typeof vaultMessages.reportFindings;
type Repairs = typeof vaultMessages.repairsOf;

@Controller()
export class ReplicasController {
  constructor(
    private readonly db: Database,
    private readonly states: CopyStates,
    private readonly replicator: Replicator,
    private readonly locations: Locations,
  ) {}

  @OnMessage(vaultMessages.replicasPage)
  async page(
    { libraryId, versionIds, after, limit }: MessageInput<Page>,
    context: MessageContext,
  ): Promise<MessageOutput<Page>> {
    const ability = await abilityTo('verify', rowOf('Library', { libraryId }), context);
    const versions = await this.db.version.findMany({
      where: {
        AND: [
          readable(ability, 'Version'),
          isShown,
          { libraryId, id: { ...(versionIds ? { in: versionIds } : {}), ...(after ? { gt: after } : {}) } },
        ],
      },
      orderBy: { id: 'asc' },
      take: limit + 1,
      select: {
        id: true,
        objectName: true,
        object: {
          select: {
            sizeBytes: true,
            replicas: {
              where: { state: { in: [...keptStates] } },
              select: { locationId: true, state: true },
              orderBy: { locationId: 'asc' },
            },
          },
        },
      },
    });
    const page = versions.slice(0, limit);
    const replicas = page.flatMap(({ id, objectName, object }) =>
      this.#counted(object.replicas).map(({ locationId, state }) => ({
        versionId: id as VersionId,
        object: objectName as ObjectName,
        objectBytes: Number(object.sizeBytes),
        locationId: locationId as LocationId,
        state: state as KeptState,
      })),
    );
    return { replicas, next: versions.length > limit ? (page.at(-1)!.id as VersionId) : null };
  }

  /**
   * Copies in a location that was taken out of the configuration count for nothing, unless there are no others: then the
   * photo is out of reach, and must not be passed over.
   */
  #counted<T extends { locationId: string }>(replicas: readonly T[]): readonly T[] {
    const configured = replicas.filter(({ locationId }) => this.locations.find(locationId));
    return configured.length > 0 ? configured : replicas;
  }

  @OnMessage(vaultMessages.replicaSlice)
  slice(input: MessageInput<Slice>): Promise<MessageOutput<Slice>> {
    return this.states.slice(input);
  }

  @OnMessage(vaultMessages.reportFindings)
  async report({ findings }: MessageInput<Report>): Promise<MessageOutput<Report>> {
    const { noted, states } = await this.states.reportBad(findings);
    if (noted > 0) this.replicator.wake();
    return {
      answers: states.map((state) => (state === 'repairing' || state === 'unrepairable' ? state : 'ignored')),
    };
  }

  @OnMessage(vaultMessages.repairsOf)
  async repairs({ copies }: MessageInput<Repairs>): Promise<MessageOutput<Repairs>> {
    return { states: await this.states.repairStates(copies) };
  }

  @OnMessage(vaultMessages.copiesWanted)
  async copiesWanted(): Promise<void> {
    // The round goes on after the message was handled.
    void this.replicator.run().catch(() => undefined);
  }
}
