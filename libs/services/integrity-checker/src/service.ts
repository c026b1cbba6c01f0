import { createLocations, readOnly } from '@heirloom/blob-store';
import { Module } from '@nestjs/common';
import { databaseProvider, defineService } from '@heirloom/service-kit';
import { integrityCheckerSettings } from './config.ts';
import { Copies } from './copies/copies.ts';
import { Database } from './database.ts';
import { History } from './verifications/history.ts';
import { VerificationsController } from './verifications/verifications.controller.ts';

@Module({})
class IntegrityCheckerModule {}

const schema = 'integrity_checker';

/** Reads copies where they lie and says which are intact. It changes nothing but its own history. */
export const integrityCheckerService = defineService({
  name: 'integrity-checker',
  config: integrityCheckerSettings,
  schema,
  migrations: new URL('../prisma/migrations/', import.meta.url),
  module: ({ config }) => ({
    module: IntegrityCheckerModule,
    controllers: [VerificationsController],
    providers: [
      databaseProvider(Database, Database, config.HEIRLOOM_INTEGRITY_CHECKER_DATABASE_URL, schema),
      {
        provide: Copies,
        useFactory: () => new Copies(createLocations(config.HEIRLOOM_LOCATIONS).map(readOnly)),
      },
      History,
    ],
  }),
});
