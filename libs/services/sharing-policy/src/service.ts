import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import { auditMessages } from '@heirloom/contracts';
import { auditController, databaseProvider, defineService } from '@heirloom/service-kit';
import { AlbumsController } from './albums/albums.controller.ts';
import { GrantsController } from './collections/grants.controller.ts';
import { CollectionsController } from './collections/collections.controller.ts';
import { sharingPolicySettings, type SharingPolicyConfig } from './config.ts';
import { Database } from './database.ts';
import { FamiliesController } from './families/families.controller.ts';
import { Families } from './families/families.ts';
import { StaffFamiliesController } from './families/staff-families.controller.ts';
import { StaffFamilies } from './families/staff-families.ts';
import { Fences } from './fences/fences.ts';
import { AddressLimit } from './invites/address-limit.ts';
import { InvitesController } from './invites/invites.controller.ts';
import { Invites } from './invites/invites.ts';
import { FamilyChanges } from './log/family-changes.ts';
import { FamilyLog } from './log/family-log.ts';
import { FamilyStates } from './log/family-states.ts';
import { LogKey } from './log/log-key.ts';
import { LogKeys } from './log/log-keys.ts';
import { LogController } from './log/log.controller.ts';
import { Joining } from './members/joining.ts';
import { MembersController } from './members/members.controller.ts';
import { StandingChanges } from './standing/standing-changes.ts';
import { StandingController } from './standing/standing.controller.ts';
import { Standings } from './standing/standings.ts';

@Module({})
class SharingPolicyModule {}

const schema = 'sharing_policy';

/** The key of now, and the one before where there is one. */
function logKeys(config: SharingPolicyConfig): [LogKey, LogKey | undefined] {
  const previous = config.HEIRLOOM_SHARING_POLICY_LOG_KEY_PREVIOUS;
  return [new LogKey(config.HEIRLOOM_SHARING_POLICY_LOG_KEY), previous && new LogKey(previous)];
}

/** Families, their logs, albums and grants, and the answer to what a person may do. */
export const sharingPolicyService = defineService({
  name: 'sharing-policy',
  config: sharingPolicySettings,
  schema,
  migrations: new URL('../prisma/migrations/', import.meta.url),
  secrets: { HEIRLOOM_SHARING_POLICY_LOG_KEY: () => randomBytes(32).toString('base64url') },
  module: ({ config }) => ({
    module: SharingPolicyModule,
    controllers: [
      FamiliesController,
      StaffFamiliesController,
      LogController,
      AlbumsController,
      CollectionsController,
      GrantsController,
      InvitesController,
      MembersController,
      StandingController,
      auditController(auditMessages.sharingPolicyActs, Database),
    ],
    providers: [
      databaseProvider(Database, Database, config.HEIRLOOM_SHARING_POLICY_DATABASE_URL, schema),
      {
        provide: LogKeys,
        inject: [Database],
        useFactory: (db: Database) => new LogKeys(db, ...logKeys(config)),
      },
      FamilyLog,
      FamilyStates,
      FamilyChanges,
      Families,
      StaffFamilies,
      Fences,
      AddressLimit,
      Invites,
      Joining,
      Standings,
      StandingChanges,
    ],
  }),
});
