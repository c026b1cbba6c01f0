import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { locationId, type LocationId } from '@heirloom/contracts';
import { z } from 'zod';
import { nodeDisk } from './disk/node-disk.ts';
import { translated } from './files/errors.ts';
import { FileLocation } from './files/file-location.ts';
import { initialise } from './files/marker.ts';
import type { Location } from './location.ts';
import { Bucket } from './s3/bucket.ts';
import { openClient } from './s3/client.ts';
import { initialise as initialiseBucket } from './s3/marker.ts';
import { S3Location } from './s3/s3-location.ts';

/** Locations of one region are expected to fail together. */
const region = z.string().min(1).max(64).default('local');

const directoryConfig = z.strictObject({
  id: locationId,
  region,
  driver: z.literal('directory'),
  path: z
    .string()
    .refine((path) => isAbsolute(path), { error: 'must be an absolute path' })
    .transform((path) => resolve(path)),
});

const credentialsName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a short lower-case name');

const s3Config = z.strictObject({
  id: locationId,
  region,
  driver: z.literal('s3'),
  /** Where the S3 interface listens, for example https://s3.example.org */
  endpoint: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
    .refine((text) => URL.canParse(text) && /^\/?$/.test(new URL(text).pathname), {
      error: 'must be an address without a path',
    }),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  /** Goes before every key, so that several locations can share a bucket. Empty, or a path that ends with a slash. */
  prefix: z
    .string()
    .regex(/^([A-Za-z0-9._-]+\/)*$/, 'must be empty or a path like photos/ that ends with a slash')
    .max(256)
    .default(''),
  /** The region that requests are signed for; most engines of one's own take any. */
  signingRegion: z.string().min(1).max(64).default('us-east-1'),
  /** Whose keys: a name in the credentials of S3. */
  credentials: credentialsName.default('default'),
});

/** One location in a configuration. */
export const locationConfig = z.discriminatedUnion('driver', [directoryConfig, s3Config]);
export type LocationConfig = z.infer<typeof locationConfig>;
export type DirectoryConfig = z.infer<typeof directoryConfig>;

/** The keys that S3 locations name, by that name. */
export const s3Credentials = z.record(
  credentialsName,
  z.strictObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) }),
);
export type S3Credentials = z.infer<typeof s3Credentials>;

/** All locations of an installation. */
export const locationsConfig = z
  .array(locationConfig)
  .min(1)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    error: 'two locations have the same id',
  })
  .refine((all) => new Set(all.map(placeOf)).size === all.length, {
    error: 'two locations have the same path',
  });

/** Names of credentials that locations ask for and nobody gave. */
export const missingCredentials = (
  configs: readonly LocationConfig[],
  credentials: S3Credentials = {},
): string[] => [
  ...new Set(
    configs.flatMap((config) =>
      config.driver === 's3' && !Object.hasOwn(credentials, config.credentials) ? [config.credentials] : [],
    ),
  ),
];

/**
 * The location that a configuration describes. Touches nothing yet, so a disk that is away does not stop the
 * start; it is `unavailable` until it is back. `probe` tells.
 */
export function openLocation(config: LocationConfig, credentials: S3Credentials = {}): Location {
  const { id, region } = config;
  if (config.driver === 's3') return new S3Location({ id, region, bucket: openBucket(config, credentials) });
  return new FileLocation({ id, region, driver: 'directory', disk: nodeDisk(config.path) });
}

/** The locations in the order of the configuration. See {@link openLocation}. */
export const createLocations = (
  configs: readonly LocationConfig[],
  credentials: S3Credentials = {},
): Location[] => configs.map((config) => openLocation(config, credentials));

/**
 * Sets up a location whose folder or bucket exists and is empty; leaves one alone that is set up already. To be called
 * only for a location that the catalogue knows no replicas of: the mount point of a disk that is away is an empty
 * folder too, and must be refused rather than filled. Throws `unavailable`.
 */
export const initialiseLocation = (config: LocationConfig, credentials: S3Credentials = {}): Promise<void> =>
  config.driver === 's3'
    ? initialiseBucket(openBucket(config, credentials), config.id)
    : initialise(nodeDisk(config.path), config.id);

/** Groups of locations that lie on one disk, so that one failure takes them all. Throws `unavailable`. */
export async function locationsOnOneDisk(configs: readonly LocationConfig[]): Promise<LocationId[][]> {
  const byDevice = new Map<number, LocationId[]>();
  for (const config of configs) {
    if (config.driver !== 'directory') continue;
    const { dev } = await translated(config.id, () => stat(config.path));
    byDevice.set(dev, [...(byDevice.get(dev) ?? []), config.id]);
  }
  return [...byDevice.values()].filter((group) => group.length > 1);
}

function openBucket(
  { endpoint, signingRegion, bucket, prefix, credentials: name }: z.infer<typeof s3Config>,
  all: S3Credentials,
): Bucket {
  const credentials = all[name];
  if (!credentials) throw new RangeError(`there are no S3 credentials of the name ${name}`);
  return new Bucket(openClient({ endpoint, signingRegion, credentials }), bucket, prefix);
}

function placeOf(config: LocationConfig): string {
  if (config.driver === 'directory') return config.path;
  const { endpoint, bucket, prefix } = config;
  return `${new URL(endpoint).origin}/${bucket}/${prefix}`;
}
