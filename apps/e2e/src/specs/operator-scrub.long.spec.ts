import { describeScrubs } from '../scrubs/operator-scrub.ts';
import { topologies } from '../system/boot.ts';

for (const topology of topologies) describeScrubs(topology);
