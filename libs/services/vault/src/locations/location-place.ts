import {
  initialiseLocation,
  openLocation,
  type Location,
  type LocationConfig,
  type S3Credentials,
} from '@heirloom/blob-store';

/** A configured location, and how an empty place becomes one. */
export interface LocationPlace {
  readonly location: Location;
  readonly initialise: () => Promise<void>;
}

export const LOCATION_PLACES = Symbol('heirloom:location-places');

export const placesOf = (
  configs: readonly LocationConfig[],
  credentials: S3Credentials = {},
): LocationPlace[] =>
  configs.map((config) => ({
    location: openLocation(config, credentials),
    initialise: () => initialiseLocation(config, credentials),
  }));
