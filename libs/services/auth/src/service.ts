import { auditMessages } from '@heirloom/contracts';
import { auditController, databaseProvider, defineService, type ServiceContext } from '@heirloom/service-kit';
import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { AccountsController } from './accounts/accounts.controller.ts';
import { AddressLimit } from './addresses/address-limit.ts';
import { Authenticators } from './authenticators/authenticators.ts';
import { ChangesController } from './changes/changes.controller.ts';
import { Changes } from './changes/changes.ts';
import { authSettings, type AuthConfig } from './config.ts';
import { Database } from './database.ts';
import { DevicesController } from './devices/devices.controller.ts';
import { Devices } from './devices/devices.ts';
import { InfoController } from './info/info.controller.ts';
import { LoginAttempts } from './logins/login-attempts.ts';
import { LoginsController } from './logins/logins.controller.ts';
import { Logins } from './logins/logins.ts';
import { PasswordProofs } from './logins/password-proofs.ts';
import { createServerSetup, Opaque } from './opaque/opaque.ts';
import { OperatorLogins } from './operators/operator-logins.ts';
import { OperatorRegistrations } from './operators/operator-registrations.ts';
import { OperatorsController } from './operators/operators.controller.ts';
import { createSetupToken, SetupGate } from './operators/setup-gate.ts';
import { PasswordChanges } from './passwords/password-changes.ts';
import { RecoveriesController } from './recoveries/recoveries.controller.ts';
import { Recoveries } from './recoveries/recoveries.ts';
import { RegistrationGate } from './registrations/registration-gate.ts';
import { RegistrationsController } from './registrations/registrations.controller.ts';
import { Registrations } from './registrations/registrations.ts';
import { SessionsController } from './sessions/sessions.controller.ts';
import { Sessions } from './sessions/sessions.ts';
import { FoundAccounts } from './staff/found-accounts.ts';
import { StaffAccountsController } from './staff/staff-accounts.controller.ts';
import { StaffActs } from './staff/staff-acts.ts';
import { StaffInvites } from './staff/staff-invites.ts';
import { StaffMembers } from './staff/staff-members.ts';
import { StaffController } from './staff/staff.controller.ts';
import { TokenSigner } from './tokens/token-signer.ts';
import { TokensController } from './tokens/tokens.controller.ts';
import { UnlocksController } from './unlocks/unlocks.controller.ts';
import { Unlocks } from './unlocks/unlocks.ts';

const schema = 'auth';

@Module({})
class AuthModule {}

/** What is made of the settings. Nothing else in the service sees them. */
const configured = (config: AuthConfig): Provider[] => [
  databaseProvider(Database, Database, config.HEIRLOOM_AUTH_DATABASE_URL, schema),
  {
    provide: Opaque,
    useValue: new Opaque(config.HEIRLOOM_AUTH_OPAQUE_SETUP, config.HEIRLOOM_AUTH_OPAQUE_SETUP_PREVIOUS),
  },
  {
    provide: TokenSigner,
    useFactory: () => {
      const { HEIRLOOM_AUTH_TOKEN_KEY: current, HEIRLOOM_AUTH_TOKEN_KEY_PREVIOUS: previous } = config;
      return previous ? TokenSigner.create(current, previous) : TokenSigner.create(current);
    },
  },
  {
    provide: RegistrationGate,
    useValue: new RegistrationGate(config.HEIRLOOM_REGISTRATION, config.HEIRLOOM_INVITATION_CODES),
  },
  { provide: SetupGate, useValue: new SetupGate(config.HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN) },
];

const authModule = ({ config }: ServiceContext<AuthConfig>): DynamicModule => ({
  module: AuthModule,
  controllers: [
    AccountsController,
    auditController(auditMessages.authActs, Database),
    ChangesController,
    DevicesController,
    InfoController,
    LoginsController,
    OperatorsController,
    RecoveriesController,
    RegistrationsController,
    SessionsController,
    StaffAccountsController,
    StaffController,
    TokensController,
    UnlocksController,
  ],
  providers: [
    ...configured(config),
    AddressLimit,
    Authenticators,
    Changes,
    Devices,
    FoundAccounts,
    LoginAttempts,
    Logins,
    OperatorLogins,
    OperatorRegistrations,
    PasswordChanges,
    PasswordProofs,
    Recoveries,
    Registrations,
    Sessions,
    StaffActs,
    StaffInvites,
    StaffMembers,
    Unlocks,
  ],
});

/** Accounts, logins, devices and their tokens. It never sees a password nor a key that opens anything. */
export const authService = defineService({
  name: 'auth',
  config: authSettings,
  schema,
  migrations: new URL('../prisma/migrations/', import.meta.url),
  module: authModule,
  secrets: {
    HEIRLOOM_AUTH_TOKEN_KEY: () => randomBytes(32).toString('base64url'),
    HEIRLOOM_AUTH_OPAQUE_SETUP: createServerSetup,
    HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN: createSetupToken,
  },
});
