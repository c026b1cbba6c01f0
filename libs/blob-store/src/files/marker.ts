import { locationId, newId, type LocationId } from '@heirloom/contracts';
import { z } from 'zod';
import type { Disk } from '../disk/disk.ts';
import { fill, writeAll } from './bytes.ts';
import { hasCode, translated, unavailable } from './errors.ts';
import { exists, giveName, makeFolder, tryUnlink } from './names.ts';
import { markerFile, objectsFolder, stagesFolder, temporaryPath } from './paths.ts';

const marker = z.object({ format: z.literal('heirloom-location'), version: z.literal(1), id: locationId });
const markerMaxBytes = 4096;

/** Throws `unavailable`, saying what is wrong, unless the disk carries this location's marker. */
export async function checkMarker(disk: Disk, id: LocationId): Promise<void> {
  const text = await readMarker(disk).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw unavailable(id, `has no ${markerFile}: its disk is not mounted, or it was never set up`, error);
  });
  parseMarker(id, text);
}

/** Throws `unavailable` unless the text is this location's marker. */
export function parseMarker(id: LocationId, text: string): void {
  const found = marker.safeParse(parseJson(text));
  if (!found.success) throw unavailable(id, `has a ${markerFile} that this version cannot read`, found.error);
  if (found.data.id !== id) {
    throw unavailable(
      id,
      `is on the wrong disk: the ${markerFile} there belongs to location ${found.data.id}`,
    );
  }
}

/** What a location's marker says. */
export const writtenMarker = (id: LocationId): string =>
  `${JSON.stringify({ format: 'heirloom-location', version: 1, id }, null, 2)}\n`;

/**
 * Makes a location in a folder that exists and is empty. A folder that carries its marker is left as it is.
 * Throws `unavailable` for everything else: better no location than a wrong one.
 */
export async function initialise(disk: Disk, id: LocationId): Promise<void> {
  await translated(id, async () => {
    if (!(await exists(disk, markerFile))) {
      await refuseUnlessEmpty(disk, id);
      for (const folder of [objectsFolder, stagesFolder]) await makeFolder(disk, folder);
      // A marker must never outlive the folders that it speaks for.
      await disk.syncDirectory('');
      await writeMarker(disk, id);
    }
    await disk.syncDirectory('');
    await checkMarker(disk, id);
  });
}

/** The folder of a fresh file system and those of a set-up that was cut short count as nothing. */
async function refuseUnlessEmpty(disk: Disk, id: LocationId): Promise<void> {
  const harmless = new Set(['lost+found', objectsFolder, stagesFolder]);
  const entries = await disk.readdir('');
  const hasObjects =
    entries.some((entry) => entry.name === objectsFolder) && (await disk.readdir(objectsFolder)).length > 0;
  if (hasObjects || entries.some((entry) => !harmless.has(entry.name))) {
    throw unavailable(id, `was not set up: its folder is not empty and has no ${markerFile}`);
  }
}

async function writeMarker(disk: Disk, id: LocationId): Promise<void> {
  const text = writtenMarker(id);
  const temporary = temporaryPath('marker', newId());
  {
    await using file = await disk.open(temporary, 'create');
    await writeAll(file, new TextEncoder().encode(text), 0);
    await file.sync();
  }
  // Of two processes that set up one folder, the later one finds the marker of the other, and checks it next.
  await giveName(disk, temporary, markerFile);
  await tryUnlink(disk, temporary);
}

async function readMarker(disk: Disk): Promise<string> {
  await using file = await disk.open(markerFile, 'read');
  const bytes = new Uint8Array(markerMaxBytes);
  return new TextDecoder().decode(bytes.subarray(0, await fill(file, bytes, 0)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
