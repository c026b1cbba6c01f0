import path from 'node:path';
import { filesBelow } from '../samples/samples.ts';
import type { System } from './system.ts';

/** The names of the objects in each location, in order. Throws when something else lies among them. */
export async function objectsOf(system: System): Promise<{ byLocation: string[][]; names: string[] }> {
  const byLocation = await Promise.all(
    system.locations.map(async ({ path: root }) =>
      (await filesBelow(path.join(root, 'objects'))).map((file) => path.basename(file)).sort(),
    ),
  );
  const strange = byLocation.flat().filter((name) => !/^[0-9a-f]{64}$/.test(name));
  if (strange.length > 0) throw new Error(`not objects: ${strange.join(', ')}`);
  return { byLocation, names: [...new Set(byLocation.flat())].sort() };
}
