import { describeScrubs } from '../scrubs/operator-scrub.ts';

describeScrubs('cluster');
