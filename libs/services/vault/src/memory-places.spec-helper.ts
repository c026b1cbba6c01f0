import { MemoryDisk, memoryLocation, type Location } from '@heirloom/blob-store';

/** A storage location on a simulated disk. */
export interface TestPlace {
  id: string;
  disk: MemoryDisk;
  location: Location;
}

export const memoryPlaces = (...ids: string[]): Promise<TestPlace[]> =>
  Promise.all(
    ids.map(async (id) => {
      const disk = new MemoryDisk();
      return { id, disk, location: await memoryLocation({ id, disk, region: id }) };
    }),
  );
