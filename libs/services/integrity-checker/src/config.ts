import { locationsConfig } from '@heirloom/blob-store';
import { databaseUrlSetting, jsonSetting } from '@heirloom/service-kit';
import { z } from 'zod';

/** The settings of integrity-checker, by their names in the environment. */
export const integrityCheckerSettings = z.object({
  HEIRLOOM_INTEGRITY_CHECKER_DATABASE_URL: databaseUrlSetting.describe(
    'the Postgres database of integrity-checker, for example postgres://integrity_checker:PASSWORD@127.0.0.1/heirloom',
  ),
  HEIRLOOM_LOCATIONS: jsonSetting(locationsConfig).describe(
    'the storage locations as JSON, for example [{"id":"disk-1","driver":"directory","path":"/mnt/disk-1"}]; they are only read',
  ),
});
