import { registrationMode } from '@heirloom/contracts';
import { databaseUrlSetting, secret, secretSetting } from '@heirloom/service-kit';
import { z } from 'zod';
import { isServerSetup } from './opaque/opaque.ts';

const opaqueSetup = secret(
  z.string().refine(isServerSetup, {
    error: 'must be an OPAQUE server setup, as the first start of home makes one',
  }),
);

const invitationCodes = z
  .string()
  .transform((text) => [...new Set(text.split(',').map((code) => code.trim()))].filter(Boolean))
  .pipe(z.array(z.string().min(8, 'must be codes of 8 to 200 characters').max(200)).max(1000))
  .meta({ type: 'values with commas between them', secret: true });

const setupToken = secret(
  z
    .string()
    .regex(/^[A-Za-z0-9_-]{20,200}$/, 'must be 20 to 200 random letters, digits, hyphens or underscores'),
);

/** The settings of auth, by their names in the environment. */
export const authSettings = z.object({
  HEIRLOOM_AUTH_DATABASE_URL: databaseUrlSetting.describe(
    'the Postgres database of auth, for example postgres://auth:PASSWORD@127.0.0.1/heirloom',
  ),
  HEIRLOOM_AUTH_TOKEN_KEY: secretSetting(32).describe(
    '32 random bytes in base64url; access tokens are signed with them',
  ),
  HEIRLOOM_AUTH_TOKEN_KEY_PREVIOUS: secretSetting(32)
    .optional()
    .describe('the token key before, for some minutes after a change: tokens signed with it stay valid'),
  HEIRLOOM_AUTH_OPAQUE_SETUP: opaqueSetup.describe(
    'the OPAQUE server setup. Passwords can be checked only with it: keep a copy in a safe place',
  ),
  HEIRLOOM_AUTH_OPAQUE_SETUP_PREVIOUS: opaqueSetup
    .optional()
    .describe('the OPAQUE server setup before, while there are accounts that have not been renewed'),
  HEIRLOOM_REGISTRATION: registrationMode
    .default('closed')
    .describe(
      'who may sign up: open (everyone), invitation (with one of HEIRLOOM_INVITATION_CODES) or closed',
    ),
  HEIRLOOM_INVITATION_CODES: invitationCodes
    .default([])
    .describe('invitation codes, separated by commas; each makes one account'),
  HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN: setupToken
    .optional()
    .describe('a secret that makes one operator, once; without it none can be made'),
});
export type AuthConfig = z.output<typeof authSettings>;
