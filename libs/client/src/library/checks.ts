import { integrityRoutes, type Checks } from '@heirloom/contracts';
import type { Vault } from './vault.ts';

/** When the server read every copy again by itself, and how far it is if it does so now. It is the server's word. */
export const readChecks = ({ account, libraryId }: Pick<Vault, 'account' | 'libraryId'>): Promise<Checks> =>
  account.http.call(integrityRoutes.checks, { params: { libraryId } });
