import { auditMessages } from '@heirloom/contracts';
import { auditController, databaseProvider, Jobs } from '@heirloom/service-kit';
import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { AlbumFencesController } from './albums/album-fences.controller.ts';
import { AlbumFences } from './albums/album-fences.ts';
import { AlbumItemsController } from './albums/album-items.controller.ts';
import { AlbumItems } from './albums/album-items.ts';
import { Database } from './database/database.ts';
import { CatalogueIncarnation } from './feeds/catalogue-incarnation.ts';
import { FeedsController } from './feeds/feeds.controller.ts';
import { LibrariesController } from './libraries/libraries.controller.ts';
import { LocationStatuses } from './locations/location-statuses.ts';
import { LocationsController } from './locations/locations.controller.ts';
import { Locations } from './locations/locations.ts';
import { LOCATION_PLACES, type LocationPlace } from './locations/location-place.ts';
import { StorageWatch } from './locations/storage-watch.ts';
import { PrepareLocations } from './locations/prepare-locations.ts';
import { NotesController } from './notes/notes.controller.ts';
import { Notes } from './notes/notes.ts';
import { ObjectsController } from './objects/objects.controller.ts';
import { Catalogue } from './photos/catalogue.ts';
import { CommitPhotos } from './photos/commit-photos.ts';
import { PhotosController } from './photos/photos.controller.ts';
import { SettleUpload } from './photos/settle-upload.ts';
import { DEFAULT_QUOTAS, Quotas, type DefaultQuotas } from './quotas/quotas.ts';
import { QuotasController } from './quotas/quotas.controller.ts';
import { Usages } from './quotas/usages.ts';
import { CopyLeases } from './replicas/copy-leases.ts';
import { CopySources } from './replicas/copy-sources.ts';
import { CopyStates } from './replicas/copy-states.ts';
import { Reconciler } from './replicas/reconciler.ts';
import { Repairer } from './replicas/repairer.ts';
import { ReplicasController } from './replicas/replicas.controller.ts';
import { Replicator } from './replicas/replicator.ts';
import { Tallies } from './tallies/tallies.ts';
import { PurgeQueue } from './trash/purge-queue.ts';
import { Purger } from './trash/purger.ts';
import { TrashController } from './trash/trash.controller.ts';
import { Trash } from './trash/trash.ts';
import { RunningHashes } from './uploads/running-hashes.ts';
import { Staging } from './uploads/staging.ts';
import { SweepUploads } from './uploads/sweep-uploads.ts';
import { UploadLeases } from './uploads/upload-lease.ts';
import { UploadsController } from './uploads/uploads.controller.ts';
import { Uploads } from './uploads/uploads.ts';
import { VersionsController } from './versions/versions.controller.ts';

const sweepEveryMs = 3600_000;

export interface VaultOptions {
  databaseUrl: string;
  places: readonly LocationPlace[];
  writeCopies: number;
  defaultQuotas: DefaultQuotas;
}

@Module({})
class VaultModule implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    private readonly sweepUploads: SweepUploads,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.every('sweep-uploads', sweepEveryMs, async () => void (await this.sweepUploads.sweep()));
  }
}

const controllers = [
  UploadsController,
  PhotosController,
  TrashController,
  NotesController,
  VersionsController,
  ObjectsController,
  FeedsController,
  AlbumItemsController,
  AlbumFencesController,
  LibrariesController,
  ReplicasController,
  LocationsController,
  auditController(auditMessages.vaultActs, Database),
  QuotasController,
];

/** Everything that vault is made of. */
export const vaultModule = ({
  databaseUrl,
  places,
  writeCopies,
  defaultQuotas,
}: VaultOptions): DynamicModule => ({
  module: VaultModule,
  controllers,
  providers: [
    databaseProvider(Database, Database, databaseUrl, 'vault'),
    { provide: LOCATION_PLACES, useValue: places },
    {
      provide: Locations,
      useFactory: () =>
        new Locations(
          places.map(({ location }) => location),
          writeCopies,
        ),
    },
    PrepareLocations,
    LocationStatuses,
    StorageWatch,
    Tallies,
    { provide: DEFAULT_QUOTAS, useValue: defaultQuotas },
    Quotas,
    Usages,
    Uploads,
    UploadLeases,
    Staging,
    RunningHashes,
    SweepUploads,
    CommitPhotos,
    SettleUpload,
    Catalogue,
    CatalogueIncarnation,
    AlbumItems,
    AlbumFences,
    CopyLeases,
    CopySources,
    CopyStates,
    Repairer,
    Reconciler,
    Replicator,
    Notes,
    Trash,
    PurgeQueue,
    Purger,
  ],
});
