import { describeCrashes } from '../crashes/crash-rounds.ts';
import { topologies } from '../system/boot.ts';

for (const topology of topologies) describeCrashes(topology, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
