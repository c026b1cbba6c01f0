/** For specs of other projects that bring ports of their own: one suite holds them all. */
export { suite, type Check, type SuiteInput } from './suite.ts';
export { vectorFiles } from './vector-files.ts';
