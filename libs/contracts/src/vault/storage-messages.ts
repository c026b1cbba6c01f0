import { z } from 'zod';
import { moment } from '../base/codecs.ts';
import { question } from '../base/message.ts';
import { locationStatus } from './schemas.ts';

/** How the storage is as a whole. */
export const storageFigures = z.object({
  locations: z.array(locationStatus),
  /** Copies that are still to be made or repaired. */
  copiesWaiting: z.int().min(0),
  /** When the object was stored that waits longest for a copy in a location, among those that are next. */
  oldestWaitingSince: moment.nullable(),
});
export type StorageFigures = z.infer<typeof storageFigures>;

export const storageMessages = {
  storage: question({
    service: 'vault',
    name: 'storage',
    peers: ['integrity-checker'],
    input: z.object({}),
    output: storageFigures,
  }),
};
