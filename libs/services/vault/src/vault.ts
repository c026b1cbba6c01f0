import { createLocations, locationsConfig, type Location, type LocationConfig } from '@heirloom/blob-store';
import { databaseUrlSetting, defineService, jsonSetting, wholeNumberSetting } from '@heirloom/service-kit';
import { z } from 'zod';
import { vaultModule } from './vault.module.ts';

const settings = z.object({
  HEIRLOOM_VAULT_DATABASE_URL: databaseUrlSetting.describe('the Postgres database of the vault'),
  HEIRLOOM_LOCATIONS: jsonSetting(locationsConfig).describe(
    'a JSON list of the places that keep objects, for example [{"id":"a","driver":"directory","path":"/srv/a"}, ...]',
  ),
  HEIRLOOM_VAULT_WRITE_COPIES: wholeNumberSetting({ min: 1, max: 16 })
    .default(2)
    .describe('in how many locations a photo must be on stable storage before it counts as stored'),
});

/** @param openLocations how configured locations are reached; tests put faulty ones in their place */
export const defineVault = (
  openLocations: (configs: readonly LocationConfig[]) => Location[] = createLocations,
) =>
  defineService({
    name: 'vault',
    config: settings,
    schema: 'vault',
    migrations: new URL('../prisma/migrations/', import.meta.url),
    module: ({ config }) =>
      vaultModule({
        databaseUrl: config.HEIRLOOM_VAULT_DATABASE_URL,
        locations: openLocations(config.HEIRLOOM_LOCATIONS),
        writeCopies: config.HEIRLOOM_VAULT_WRITE_COPIES,
      }),
  });

export const vaultService = defineVault();
