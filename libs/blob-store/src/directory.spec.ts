import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeLocation } from '../test/conformance.ts';
import { initialiseLocation, locationConfig, openLocation } from './index.ts';

describeLocation(
  'directory',
  async () => {
    const path = await mkdtemp(join(tmpdir(), 'heirloom-location-'));
    const config = locationConfig.parse({ id: 'disk-1', driver: 'directory', path });
    await initialiseLocation(config);
    return {
      location: openLocation(config),
      reopen: async () => openLocation(config),
      plant: async (name, bytes) => {
        const at = join(path, 'objects', name);
        await mkdir(dirname(at), { recursive: true });
        await writeFile(at, bytes);
      },
      quarantined: async () => {
        const folder = join(path, 'quarantine');
        const names = await readdir(folder).catch(() => []);
        const files = names.map(
          async (name) => [`quarantine/${name}`, new Uint8Array(await readFile(join(folder, name)))] as const,
        );
        return Object.fromEntries(await Promise.all(files));
      },
      isInMemory: false,
      dispose: () => rm(path, { recursive: true }),
    };
  },
  { crash: false },
);
