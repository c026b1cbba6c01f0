import { AppError, type AccountId, type DeviceId } from '@heirloom/contracts';
import { equalBytes } from '@heirloom/formats';
import { kindsOf, realmOf } from '../accounts/realm.ts';
import type { Transaction } from '../database.ts';
import type { AccountKind } from '../generated/client.ts';

/** How long after its creation an account is created "again" by the same request. */
const repeatableMs = 10 * 60_000;

/** What a sign-up names its account by. */
export interface Wanted {
  readonly kind: AccountKind;
  readonly accountId: AccountId;
  readonly email: string;
}
export type ExistingAccount = NonNullable<Awaited<ReturnType<typeof findExisting>>>;

/** The account with this address where this kind signs in, or else the one of any kind with this id. */
export async function findExisting(db: Transaction, wanted: Wanted) {
  const { kind, accountId: id, email } = wanted;
  const found = await db.account.findMany({
    where: { OR: [{ kind: { in: kindsOf[realmOf(kind)] }, email }, { id }] },
    include: { credential: true, devices: { select: { id: true } } },
  });
  return found.find((account) => hasAddress(account, wanted)) ?? found[0];
}

const hasAddress = (
  account: Pick<Wanted, 'kind' | 'email'>,
  { kind, email }: Pick<Wanted, 'kind' | 'email'>,
) => realmOf(account.kind) === realmOf(kind) && account.email === email;

/** Why a sign-up cannot have the address or the id that it wants. */
export const taken = (existing: ExistingAccount | undefined, wanted: Wanted): AppError =>
  new AppError(existing && hasAddress(existing, wanted) ? 'email-taken' : 'conflict');

/** Whether a sign-up has made this very account a short while ago: its answer may have been lost on the way. */
export const isRepeated = (
  existing: ExistingAccount | undefined,
  wanted: Wanted & { registrationRecord: string; device: { deviceId: DeviceId } },
): boolean =>
  existing?.id === wanted.accountId &&
  existing.kind === wanted.kind &&
  existing.email === wanted.email &&
  existing.createdAt.getTime() > Date.now() - repeatableMs &&
  existing.credential !== null &&
  equalBytes(Buffer.from(existing.credential.record), Buffer.from(wanted.registrationRecord)) &&
  existing.devices.some(({ id }) => id === wanted.device.deviceId);
