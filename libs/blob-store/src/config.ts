import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { locationId, type LocationId } from '@heirloom/contracts';
import { z } from 'zod';
import { nodeDisk } from './disk/node-disk.ts';
import { translated } from './files/errors.ts';
import { FileLocation } from './files/file-location.ts';
import { initialise } from './files/marker.ts';
import type { Location } from './location.ts';

/** One location in a configuration. */
export const locationConfig = z.discriminatedUnion('driver', [
  z.strictObject({
    id: locationId,
    /** Locations of one region are expected to fail together. */
    region: z.string().min(1).max(64).default('local'),
    driver: z.literal('directory'),
    path: z
      .string()
      .refine((path) => isAbsolute(path), { error: 'must be an absolute path' })
      .transform((path) => resolve(path)),
  }),
]);
export type LocationConfig = z.infer<typeof locationConfig>;

/** All locations of an installation. */
export const locationsConfig = z
  .array(locationConfig)
  .min(1)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    error: 'two locations have the same id',
  })
  .refine((all) => new Set(all.map(({ path }) => path)).size === all.length, {
    error: 'two locations have the same path',
  });

/**
 * The location that a configuration describes. Touches nothing yet, so a disk that is away does not stop the
 * start; it is `unavailable` until it is back. `probe` tells.
 */
export const openLocation = ({ id, region, driver, path }: LocationConfig): Location =>
  new FileLocation({ id, region, driver, disk: nodeDisk(path) });

/** The locations in the order of the configuration. See {@link openLocation}. */
export const createLocations = (configs: readonly LocationConfig[]): Location[] => configs.map(openLocation);

/**
 * Sets up a location whose folder exists and is empty; leaves one alone that is set up already. To be called only
 * for a location that the catalogue knows no replicas of: the mount point of a disk that is away is an empty
 * folder too, and must be refused rather than filled. Throws `unavailable`.
 */
export const initialiseLocation = ({ id, path }: LocationConfig): Promise<void> =>
  initialise(nodeDisk(path), id);

/** Groups of locations that lie on one disk, so that one failure takes them all. Throws `unavailable`. */
export async function locationsOnOneDisk(configs: readonly LocationConfig[]): Promise<LocationId[][]> {
  const byDevice = new Map<number, LocationId[]>();
  for (const { id, path } of configs) {
    const { dev } = await translated(id, () => stat(path));
    byDevice.set(dev, [...(byDevice.get(dev) ?? []), id]);
  }
  return [...byDevice.values()].filter((group) => group.length > 1);
}
