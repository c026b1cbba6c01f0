import type { ByteRange, Location } from '@heirloom/blob-store';
import { AppError, type ObjectName } from '@heirloom/contracts';

/** An object and the locations that hold it. */
export interface StoredCopies {
  name: ObjectName;
  sizeBytes: number;
  locations: readonly Location[];
}

/**
 * A range of an object, from whichever copy can be read: when one fails, also in its middle, the next one continues
 * where it stopped. `onFailure` hears of each that failed.
 *
 * @throws AppError `unavailable` when no copy is left to go on with.
 */
export async function* readCopies(
  { name, sizeBytes, locations }: StoredCopies,
  { offset, length }: ByteRange,
  onFailure: (location: Location, error: unknown) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  let cause: unknown;
  for (const location of locations) {
    try {
      const object = await location.get(name, { offset: offset + done, length: length - done });
      if (object.sizeBytes !== sizeBytes) throw new AppError('damaged');
      for await (const chunk of object.body) {
        // Counted first: what was handed over is not asked for again, whatever comes next.
        done += chunk.length;
        yield chunk;
      }
    } catch (error) {
      cause = error;
      onFailure(location, error);
    }
    if (done === length) return;
  }
  throw new AppError('unavailable', {
    detail: 'No copy of this can be read right now. Try again later.',
    cause,
  });
}
