import type { MemoryDisk } from '../src/index.ts';

/** What is in quarantine on a simulated disk, by path. */
export async function quarantinedOn(disk: MemoryDisk): Promise<Record<string, Uint8Array>> {
  const entries = await disk.readdir('quarantine').catch(() => []);
  return Object.fromEntries(
    entries.map(({ name }) => [`quarantine/${name}`, disk.peek(`quarantine/${name}`)!] as const),
  );
}
