import {
  locationsConfig,
  missingCredentials,
  s3Credentials,
  type LocationConfig,
  type S3Credentials,
} from '@heirloom/blob-store';
import {
  databaseUrlSetting,
  defineService,
  jsonSetting,
  secret,
  sizeSetting,
  wholeNumberSetting,
} from '@heirloom/service-kit';
import { z } from 'zod';
import { placesOf, type LocationPlace } from './locations/location-place.ts';
import { vaultModule } from './vault.module.ts';

const settings = z
  .object({
    HEIRLOOM_VAULT_DATABASE_URL: databaseUrlSetting.describe('the Postgres database of the vault'),
    HEIRLOOM_LOCATIONS: jsonSetting(locationsConfig).describe(
      'a JSON list of the places that keep objects, for example [{"id":"a","driver":"directory","path":"/srv/a"}, ...]',
    ),
    HEIRLOOM_S3_CREDENTIALS: secret(jsonSetting(s3Credentials))
      .optional()
      .describe(
        'the keys that S3 locations name, as JSON, for example {"default":{"accessKeyId":"...","secretAccessKey":"..."}}',
      ),
    HEIRLOOM_VAULT_WRITE_COPIES: wholeNumberSetting({ min: 1, max: 16 })
      .default(2)
      .describe('in how many locations a photo must be on stable storage before it counts as stored'),
    HEIRLOOM_VAULT_PERSON_QUOTA: sizeSetting
      .optional()
      .describe(
        'how much each person may keep, unless an operator has said otherwise for them, for example 50GiB; as much as there is room when left out',
      ),
    HEIRLOOM_VAULT_FAMILY_QUOTA: sizeSetting
      .optional()
      .describe(
        'how much the members of a family may keep together, unless an operator has said otherwise for it, for example 1TiB; as much as there is room when left out',
      ),
  })
  .refine((all) => all.HEIRLOOM_VAULT_WRITE_COPIES <= all.HEIRLOOM_LOCATIONS.length, {
    path: ['HEIRLOOM_LOCATIONS'],
    error: 'must hold at least as many locations as HEIRLOOM_VAULT_WRITE_COPIES asks for',
  })
  .refine((all) => missingCredentials(all.HEIRLOOM_LOCATIONS, all.HEIRLOOM_S3_CREDENTIALS).length === 0, {
    path: ['HEIRLOOM_S3_CREDENTIALS'],
    error: 'must hold the credentials that each location in HEIRLOOM_LOCATIONS names',
  });

/** @param openPlaces how configured locations are reached; tests put faulty ones in their place */
export const defineVault = (
  openPlaces: (configs: readonly LocationConfig[], credentials?: S3Credentials) => LocationPlace[] = placesOf,
) =>
  defineService({
    name: 'vault',
    config: settings,
    schema: 'vault',
    migrations: new URL('../prisma/migrations/', import.meta.url),
    module: ({ config }) =>
      vaultModule({
        databaseUrl: config.HEIRLOOM_VAULT_DATABASE_URL,
        places: openPlaces(config.HEIRLOOM_LOCATIONS, config.HEIRLOOM_S3_CREDENTIALS),
        writeCopies: config.HEIRLOOM_VAULT_WRITE_COPIES,
        defaultQuotas: {
          account: config.HEIRLOOM_VAULT_PERSON_QUOTA ?? null,
          family: config.HEIRLOOM_VAULT_FAMILY_QUOTA ?? null,
        },
      }),
  });

export const vaultService = defineVault();
