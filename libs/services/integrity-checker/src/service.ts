import { randomBytes } from 'node:crypto';
import { createLocations, readOnly } from '@heirloom/blob-store';
import { Module } from '@nestjs/common';
import { databaseProvider, defineService } from '@heirloom/service-kit';
import { ActivityController } from './audit/activity.controller.ts';
import { auditProviders } from './audit/audit-providers.ts';
import { AuditController } from './audit/audit.controller.ts';
import { integrityCheckerSettings, readingCredentials } from './config.ts';
import { Copies } from './copies/copies.ts';
import { CoverageController } from './coverage/coverage.controller.ts';
import { Coverage } from './coverage/coverage.ts';
import { Database } from './database.ts';
import { EventsController } from './events/events.controller.ts';
import { StaffEvents } from './events/staff-events.ts';
import { FindingsController } from './findings/findings.controller.ts';
import { HashWorkers } from './hashing/hash-workers.ts';
import { Instances } from './instances/instances.ts';
import { PulsesController } from './instances/pulses.controller.ts';
import { AuditFigures } from './overview/audit-figures.ts';
import { CheckerGauges } from './overview/checker-gauges.ts';
import { OverviewController } from './overview/overview.controller.ts';
import { ChecksController } from './scrubs/checks.controller.ts';
import { scrubProviders } from './scrubs/scrub-providers.ts';
import { ScrubsController } from './scrubs/scrubs.controller.ts';
import { History } from './verifications/history.ts';
import { VerificationsController } from './verifications/verifications.controller.ts';

@Module({})
class IntegrityCheckerModule {}

const controllers = [
  VerificationsController,
  ChecksController,
  ScrubsController,
  FindingsController,
  PulsesController,
  OverviewController,
  CoverageController,
  EventsController,
  AuditController,
  ActivityController,
];

const schema = 'integrity_checker';
/** Hashing is most of what this service does with a processor; requests are served on another thread. */
const hashThreads = 2;

/** Reads copies where they lie and says which are intact. It changes nothing but its own rows. */
export const integrityCheckerService = defineService({
  name: 'integrity-checker',
  config: integrityCheckerSettings,
  schema,
  migrations: new URL('../prisma/migrations/', import.meta.url),
  secrets: { HEIRLOOM_INTEGRITY_CHECKER_AUDIT_KEY: () => randomBytes(32).toString('base64url') },
  module: ({ config }) => {
    const locations = createLocations(config.HEIRLOOM_LOCATIONS, readingCredentials(config)).map(readOnly);
    const scrubSettings = {
      intervalMs: config.HEIRLOOM_INTEGRITY_CHECKER_SCRUB_INTERVAL_HOURS * 3600_000,
      bytesPerSecond: config.HEIRLOOM_INTEGRITY_CHECKER_SCRUB_BYTES_PER_SECOND,
      graceMs: config.HEIRLOOM_INTEGRITY_CHECKER_UNKNOWN_GRACE_SECONDS * 1000,
    };
    return {
      module: IntegrityCheckerModule,
      controllers,
      providers: [
        databaseProvider(Database, Database, config.HEIRLOOM_INTEGRITY_CHECKER_DATABASE_URL, schema),
        { provide: HashWorkers, useFactory: () => new HashWorkers(hashThreads) },
        {
          provide: Copies,
          inject: [HashWorkers],
          useFactory: (workers: HashWorkers) => new Copies(locations, workers.hash),
        },
        ...auditProviders(config),
        History,
        StaffEvents,
        Instances,
        AuditFigures,
        CheckerGauges,
        {
          provide: Coverage,
          inject: [Database],
          useFactory: (db: Database) =>
            new Coverage(
              db,
              locations.map(({ id }) => id),
            ),
        },
        ...scrubProviders(locations, scrubSettings),
      ],
    };
  },
});
