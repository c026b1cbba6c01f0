import { databaseUrlSetting, secretSetting } from '@heirloom/service-kit';
import { z } from 'zod';

/** The settings of sharing-policy, by their names in the environment. */
export const sharingPolicySettings = z.object({
  HEIRLOOM_SHARING_POLICY_DATABASE_URL: databaseUrlSetting.describe(
    'the Postgres database of sharing-policy, for example postgres://sharing_policy:PASSWORD@127.0.0.1/heirloom',
  ),
  HEIRLOOM_SHARING_POLICY_LOG_KEY: secretSetting(32).describe(
    '32 random bytes in base64url; the heads of family logs are signed with them, and clients pin them: keep a copy in a safe place',
  ),
  HEIRLOOM_SHARING_POLICY_LOG_KEY_PREVIOUS: secretSetting(32)
    .optional()
    .describe(
      'the log key before, while not all processes have the new one: it signs too, and hands clients over to the new one',
    ),
});
export type SharingPolicyConfig = z.output<typeof sharingPolicySettings>;
