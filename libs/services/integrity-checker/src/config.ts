import { locationsConfig, missingCredentials, s3Credentials, type S3Credentials } from '@heirloom/blob-store';
import {
  databaseUrlSetting,
  jsonSetting,
  secret,
  secretSetting,
  wholeNumberSetting,
} from '@heirloom/service-kit';
import { z } from 'zod';

/** The settings of integrity-checker, by their names in the environment. */
export const integrityCheckerSettings = z
  .object({
    HEIRLOOM_INTEGRITY_CHECKER_DATABASE_URL: databaseUrlSetting.describe(
      'the Postgres database of integrity-checker, for example postgres://integrity_checker:PASSWORD@127.0.0.1/heirloom',
    ),
    HEIRLOOM_LOCATIONS: jsonSetting(locationsConfig).describe(
      'the storage locations as JSON, for example [{"id":"disk-1","driver":"directory","path":"/mnt/disk-1"}]; they are only read',
    ),
    HEIRLOOM_S3_CREDENTIALS: secret(jsonSetting(s3Credentials))
      .optional()
      .describe(
        'the keys that S3 locations name, as JSON, for example {"default":{"accessKeyId":"...","secretAccessKey":"..."}}',
      ),
    HEIRLOOM_INTEGRITY_CHECKER_S3_CREDENTIALS: secret(jsonSetting(s3Credentials))
      .optional()
      .describe(
        'keys that may only read, in the same form; they take the place of HEIRLOOM_S3_CREDENTIALS for this service',
      ),
    HEIRLOOM_INTEGRITY_CHECKER_SCRUB_INTERVAL_HOURS: wholeNumberSetting({ min: 0, max: 10_000 })
      .default(168)
      .describe('how many hours lie between the beginnings of two scrubs; 0 leaves them to the operator'),
    HEIRLOOM_INTEGRITY_CHECKER_SCRUB_BYTES_PER_SECOND: wholeNumberSetting({ min: 1024, max: 2 ** 40 })
      .default(64 * 1024 * 1024)
      .describe('how fast one process reads for scrubs at most, for example 67108864'),
    HEIRLOOM_INTEGRITY_CHECKER_UNKNOWN_GRACE_SECONDS: wholeNumberSetting({ min: 0, max: 7 * 24 * 3600 })
      .default(600)
      .describe(
        'how long an object that the catalogue does not know may be one that is just being stored before it is reported',
      ),
    HEIRLOOM_INTEGRITY_CHECKER_AUDIT_KEY: secretSetting(32).describe(
      '32 random bytes in base64url; the checkpoints of the audit trail are signed with them',
    ),
    HEIRLOOM_INTEGRITY_CHECKER_AUDIT_KEY_PREVIOUS: secretSetting(32)
      .optional()
      .describe('the audit key before: checkpoints that were signed with it stay valid'),
    HEIRLOOM_INTEGRITY_CHECKER_AUDIT_RETENTION_DAYS: wholeNumberSetting({ min: 30, max: 36_500 })
      .default(400)
      .describe('how many days the audit trail keeps an entry'),
    HEIRLOOM_INTEGRITY_CHECKER_AUDIT_CHECK_INTERVAL_HOURS: wholeNumberSetting({ min: 0, max: 10_000 })
      .default(24)
      .describe(
        'how many hours lie between the beginnings of two checks of the audit trail; 0 leaves them to the operator',
      ),
  })
  .refine((all) => missingCredentials(all.HEIRLOOM_LOCATIONS, readingCredentials(all)).length === 0, {
    path: ['HEIRLOOM_INTEGRITY_CHECKER_S3_CREDENTIALS'],
    error: 'must hold the credentials that each location in HEIRLOOM_LOCATIONS names',
  });

export type IntegrityCheckerConfig = z.output<typeof integrityCheckerSettings>;

/** With what this service reads: keys of its own that may do nothing else, or else those of everybody. */
export const readingCredentials = (settings: {
  HEIRLOOM_S3_CREDENTIALS?: S3Credentials | undefined;
  HEIRLOOM_INTEGRITY_CHECKER_S3_CREDENTIALS?: S3Credentials | undefined;
}): S3Credentials | undefined =>
  settings.HEIRLOOM_INTEGRITY_CHECKER_S3_CREDENTIALS ?? settings.HEIRLOOM_S3_CREDENTIALS;
