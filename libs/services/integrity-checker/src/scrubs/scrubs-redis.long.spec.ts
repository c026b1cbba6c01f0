import { describeScrubs } from './scrubs.spec-helper.ts';

describeScrubs('redis');
