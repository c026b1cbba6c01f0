import { initialiseLocation, openLocation, type Location, type LocationConfig } from '@heirloom/blob-store';

/** A configured location, and how an empty place becomes one. */
export interface LocationPlace {
  readonly location: Location;
  readonly initialise: () => Promise<void>;
}

export const LOCATION_PLACES = Symbol('heirloom:location-places');

export const placesOf = (configs: readonly LocationConfig[]): LocationPlace[] =>
  configs.map((config) => ({ location: openLocation(config), initialise: () => initialiseLocation(config) }));
