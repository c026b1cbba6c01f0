import { describeCrashes } from '../crashes/crash-rounds.ts';
import { topologies } from '../system/boot.ts';

for (const topology of topologies) describeCrashes(topology, [2, 7]);
