import { AppError, type AccountId, type DeviceId } from '@heirloom/contracts';
import { equalBytes } from '@heirloom/formats';
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

/** The account of this kind with this address, or else the one of any kind with this id. */
export async function findExisting(db: Transaction, { kind, accountId: id, email }: Wanted) {
  const found = await db.account.findMany({
    where: { OR: [{ kind, email }, { id }] },
    include: { credential: true, devices: { select: { id: true } } },
  });
  return found.find((account) => account.kind === kind && account.email === email) ?? found[0];
}

/** Why a sign-up cannot have the address or the id that it wants. */
export const taken = (existing: ExistingAccount | undefined, { kind, email }: Wanted): AppError =>
  new AppError(existing?.kind === kind && existing.email === email ? 'email-taken' : 'conflict');

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
