import path from 'node:path';
import { locationsConfig } from '@heirloom/blob-store';
import { jsonSetting, listSetting, secret } from '@heirloom/service-kit';
import { z } from 'zod';

/**
 * What home itself reads from the environment. Everything else is made by home and handed to the services, so
 * that `npm start` needs no setting at all.
 */
export const homeSettings = z
  .object({
    HEIRLOOM_DATA: z
      .string()
      .min(1)
      .default('./data')
      .describe('The folder that holds everything: database, secrets, locations.'),
    HEIRLOOM_LOCATIONS: jsonSetting(locationsConfig)
      .optional()
      .describe('Where copies are kept, as JSON; three folders below HEIRLOOM_DATA when left out.'),
    HEIRLOOM_REGISTRATION: z
      .enum(['open', 'invitation', 'closed'])
      .default('open')
      .describe(
        'Who may start a new family here: anyone who reaches the page, holders of an invitation code, or nobody.',
      ),
    HEIRLOOM_TLS: z
      .enum(['off', 'own'])
      .default('off')
      .describe(
        'own: people connect by HTTPS, with a certificate that home makes for this machine; not needed with HEIRLOOM_TLS_CERT',
      ),
    HEIRLOOM_TLS_CERT: z
      .string()
      .includes('-----BEGIN CERTIFICATE-----', { error: 'must be a certificate as PEM' })
      .optional()
      .describe(
        'a certificate as PEM, with those between it and its authority: people connect by HTTPS with it',
      ),
    HEIRLOOM_TLS_KEY: secret(
      z.string().includes('PRIVATE KEY-----', { error: 'must be a private key as PEM' }),
    )
      .optional()
      .describe('the private key of HEIRLOOM_TLS_CERT as PEM, without a password'),
    HEIRLOOM_TLS_NAMES: listSetting(
      z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be host names or addresses'),
    )
      .default([])
      .describe(
        'more names and addresses for the certificate that home makes, with commas between them, for example photos.lan',
      ),
  })
  .refine((all) => (all.HEIRLOOM_TLS_CERT === undefined) === (all.HEIRLOOM_TLS_KEY === undefined), {
    path: ['HEIRLOOM_TLS_KEY'],
    error: 'must be set together with HEIRLOOM_TLS_CERT',
  });

export interface HomeFolders {
  /** Everything below is inside of it. Absolute. */
  data: string;
  postgres: string;
  secrets: string;
  locations: string;
  /** Held while home runs, so that two do not share one folder. */
  lock: string;
}

export function homeFolders(data: string): HomeFolders {
  const root = path.resolve(data);
  return {
    data: root,
    postgres: path.join(root, 'postgres'),
    secrets: path.join(root, 'secrets'),
    locations: path.join(root, 'locations'),
    lock: path.join(root, 'home.lock'),
  };
}

/** The ids of the three directory locations that home makes when HEIRLOOM_LOCATIONS does not name others. */
export const defaultLocationIds = ['first', 'second', 'third'] as const;
