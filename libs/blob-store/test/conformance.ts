import { afterEach, beforeEach, describe } from '@jest/globals';
import type { Location } from '../src/index.ts';
import { describeCrashes } from './conformance/crashes.ts';
import { describeLargeObjects } from './conformance/large-objects.ts';
import { describeListing } from './conformance/listing.ts';
import { describeObjects } from './conformance/objects.ts';
import { describeRemoving } from './conformance/removing.ts';
import { describeReplacing } from './conformance/replacing.ts';
import { describeStages } from './conformance/stages.ts';

/** One fresh, empty location and what a test may do to it from outside. */
export interface LocationFixture {
  location: Location;
  /** The same storage as another process would open it. */
  reopen(): Promise<Location>;
  /** Puts a file at a path below the objects, whatever is there. */
  plant(path: string, bytes: Uint8Array): Promise<void>;
  /** Paths of files that are in quarantine, with their bytes. */
  quarantined(): Promise<Record<string, Uint8Array>>;
  /** Whether the storage lives in this process's memory, which then grows by what is stored. */
  isInMemory: boolean;
  /** Loses power; `location` is of no use afterwards, only `reopen`. For storage that can be made to. */
  crash?(): Promise<void>;
  dispose(): Promise<void>;
}

/** The fixture of the running test. */
export type CurrentFixture = () => LocationFixture;

/** What every driver must do. `make` is called for each test. */
export function describeLocation(
  name: string,
  make: () => Promise<LocationFixture>,
  can: { crash: boolean },
): void {
  describe(`${name} is a location`, () => {
    let fixture: LocationFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.dispose());
    const current = () => fixture;

    describeObjects(current);
    describeStages(current);
    describeReplacing(current);
    describeRemoving(current);
    describeListing(current);
    describeLargeObjects(current);
    if (can.crash) describeCrashes(current);
  });
}
