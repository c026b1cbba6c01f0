import type { Check, SuiteInput } from './check.ts';
import { cobblestoneChecks } from './cobblestone-checks.ts';
import { familyChecks } from './family-checks.ts';
import { keyChecks } from './key-checks.ts';
import { objectRefusalChecks } from './object-refusal-checks.ts';
import { objectSealingChecks } from './object-sealing-checks.ts';
import { recoveryChecks } from './recovery-checks.ts';
import { vectorChecks } from './vector-checks.ts';

export type { Check, SuiteInput } from './check.ts';

/** All that must hold of libs/crypto, with whichever ports, in whichever JavaScript runtime. */
export const suite = (input: SuiteInput): Check[] => [
  ...vectorChecks(input),
  ...cobblestoneChecks(input),
  ...keyChecks(input),
  ...recoveryChecks(input),
  ...familyChecks(),
  ...objectSealingChecks(input),
  ...objectRefusalChecks(input),
];
