import { describeScrubs } from './scrubs.spec-helper.ts';

for (const jobs of ['postgres', 'redis'] as const) describeScrubs(jobs);
