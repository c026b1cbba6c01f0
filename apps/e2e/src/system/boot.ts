import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bootCluster } from './cluster-system.ts';
import { bootHome } from './home-system.ts';
import type { System, SystemOptions, TopologyName } from './system.ts';

export const topologies = ['home', 'cluster'] as const satisfies readonly TopologyName[];

export interface Scene extends AsyncDisposable {
  system: System;
  /** A folder of this scene for profiles, photos and whatever else; gone afterwards. */
  folder: string;
}

/** A booted system in a folder of its own. */
export async function boot(topology: TopologyName, options: SystemOptions = {}): Promise<Scene> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `heirloom-${topology}-`));
  const system = await (topology === 'home' ? bootHome : bootCluster)(folder, options);
  return {
    system,
    folder,
    [Symbol.asyncDispose]: async () => {
      await system[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
