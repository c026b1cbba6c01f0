import { describeScrubs } from './scrubs.spec-helper.ts';

describeScrubs('postgres');
