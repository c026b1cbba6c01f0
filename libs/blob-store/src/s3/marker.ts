import type { LocationId } from '@heirloom/contracts';
import { parseMarker, writtenMarker } from '../files/marker.ts';
import { markerFile, stagesFolder } from '../files/paths.ts';
import type { Bucket } from './bucket.ts';
import { hasName, isAnswer, translated, unavailable } from './errors.ts';

/** Throws `unavailable`, saying what is wrong, unless the bucket carries this location's marker. */
export async function checkMarker(bucket: Bucket, id: LocationId): Promise<void> {
  parseMarker(id, await readMarker(bucket, id));
}

async function readMarker(bucket: Bucket, id: LocationId): Promise<string> {
  try {
    return (await bucket.read(markerFile)).toString('utf8');
  } catch (error) {
    if (!hasName(error, 'NoSuchKey')) throw error;
    throw unavailable(
      id,
      `has no ${markerFile} in its bucket: it was never set up there, or was emptied`,
      error,
    );
  }
}

/** Makes a location where there is nothing below its prefix. One that carries its marker is left as it is. */
export async function initialise(bucket: Bucket, id: LocationId): Promise<void> {
  await translated(id, async () => {
    if (await bucket.head(markerFile)) return checkMarker(bucket, id);
    for await (const { key } of bucket.list('', undefined, 10)) {
      if (key.startsWith(`${stagesFolder}/`)) continue;
      throw unavailable(
        id,
        `was not set up: its bucket is not empty below its prefix and has no ${markerFile}`,
      );
    }
    try {
      await bucket.put(markerFile, new TextEncoder().encode(writtenMarker(id)), true);
    } catch (error) {
      // Somebody else was first; whose it is shows next.
      if (!isAnswer(error, 412, 'PreconditionFailed')) throw error;
    }
    await checkMarker(bucket, id);
  });
}
