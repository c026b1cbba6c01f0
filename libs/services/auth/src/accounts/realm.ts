import type { AccountKind } from '../generated/client.ts';

/** People and staff sign in by two doors. In each, an e-mail address names one account at most. */
export type Realm = 'person' | 'staff';

export const kindsOf: Readonly<Record<Realm, AccountKind[]>> = {
  person: ['person'],
  staff: ['operator', 'support'],
};
export const realmOf = (kind: AccountKind): Realm => (kind === 'person' ? 'person' : 'staff');
