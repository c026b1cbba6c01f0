import type { LocationId } from '@heirloom/contracts';
import { MemoryDisk } from './disk/memory-disk.ts';
import { FileLocation } from './files/file-location.ts';
import { initialise } from './files/marker.ts';
import type { Location } from './location.ts';

export interface MemoryLocationOptions {
  id?: string;
  region?: string;
  /** Opening a second location on one disk is what another process does, or this one after a restart. */
  disk?: MemoryDisk;
}

/**
 * A location on a simulated disk: the code of the directory driver, above a disk that fails on demand and forgets
 * what was not synced. For tests; nothing in it outlives the process.
 */
export async function memoryLocation(options: MemoryLocationOptions = {}): Promise<Location> {
  const { id = 'memory', region = 'local', disk = new MemoryDisk() } = options;
  await initialise(disk, id as LocationId);
  return new FileLocation({ id: id as LocationId, region, driver: 'memory', disk });
}
