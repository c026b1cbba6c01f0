import { AppError, authRoutes, familyRoutes, newId, type DeviceId, type FamilyId } from '@heirloom/contracts';
import { signerFromSeed, writeEntries, writeFounding } from '@heirloom/crypto';
import { LogError, type KnownLogEvent } from '@heirloom/formats';
import { ownLibrary, type Account } from '../account/account.ts';
import { FamilyLog, type FamilyLogStore } from './family-log.ts';
import type { TellNews } from './family-news.ts';

const attempts = 5;

/**
 * The family's log, up to date and with this device in it. Whoever belongs to no family gets one of their own, also
 * after they were removed from another: their library is theirs.
 * @param tell - hears a sentence for the person when that happens.
 * @throws LogError when the log is not to be trusted.
 */
export async function ensureFamily(
  account: Account,
  store: FamilyLogStore,
  tell: TellNews = () => undefined,
): Promise<FamilyLog> {
  const log = await pullOrCreate(account, store, tell);
  await addThisDevice(account, log);
  return log;
}

async function pullOrCreate(account: Account, store: FamilyLogStore, tell: TellNews): Promise<FamilyLog> {
  try {
    return await FamilyLog.pull(account, store, tell);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'no-family') throw error;
  }
  const left = await mayHaveLeft(account, store);
  try {
    const log = await createFamily(account, store);
    if (left) {
      tell(
        'You are not in your family any more, says the server. Your own photos stay yours: they are in a family of your own now.',
        'left',
      );
    }
    return log;
  } catch (error) {
    // Another device of this person was quicker.
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    return await FamilyLog.pull(account, store);
  }
}

/** @returns whether this device knows a family that its person was in. @throws LogError when they cannot have left it. */
async function mayHaveLeft(account: Account, store: FamilyLogStore): Promise<boolean> {
  const kept = await store.load();
  if (!kept) return false;
  const { state } = await FamilyLog.kept(account, store, kept);
  if (state.members.get(account.profile.accountId)?.role === 'owner') {
    throw new LogError(
      'rolled-back',
      'The server says that you have no family, but you are the owner of one, who cannot be removed: the server hides its log or has lost it.',
    );
  }
  return true;
}

/** The entry about a device that its person adds. */
export const ownDevice = async ({ profile }: Account): Promise<{ device: DeviceId; sign: Uint8Array }> => ({
  device: profile.deviceId,
  sign: (await signerFromSeed(profile.deviceSeed)).publicKey,
});

async function createFamily(account: Account, store: FamilyLogStore): Promise<FamilyLog> {
  const familyId = newId<FamilyId>();
  const { identity } = account;
  const devices = [await ownDevice(account)];
  const founding = await writeFounding({ family: familyId, identity, devices, now: Date.now() });
  const { entries, sealedKey } = founding;
  const { libraryId } = ownLibrary(account);
  const { checkpoint } = await account.http.call(familyRoutes.create, {
    body: { familyId, libraryId, entries, sealedKey },
  });
  const log = await FamilyLog.begin(account, store, familyId);
  await log.accept(entries, checkpoint);
  return log;
}

async function addThisDevice(account: Account, log: FamilyLog): Promise<void> {
  const { accountId, deviceId } = account.profile;
  for (let attempt = 1; !log.state.devices.has(deviceId); attempt++) {
    const event = { kind: 'device-added', account: accountId, ...(await ownDevice(account)) } as const;
    await appendToLog(account, log, event, attempt === attempts);
  }
}

/**
 * Signs another device of this person out, everywhere within seconds, and enters it in the family log, so that nobody
 * believes its signatures any more.
 */
export async function revokeDevice(account: Account, log: FamilyLog, deviceId: DeviceId): Promise<void> {
  await account.http.call(authRoutes.revokeDevice, { params: { deviceId } });
  await enterRevocation(account, log, deviceId);
}

/** Enters in the family log that one of this person's devices signs nothing more. */
export async function enterRevocation(account: Account, log: FamilyLog, deviceId: DeviceId): Promise<void> {
  const event = {
    kind: 'device-revoked',
    account: account.profile.accountId,
    device: deviceId,
  } as const;
  for (let attempt = 1; log.state.devices.get(deviceId)?.revoked === false; attempt++) {
    await appendToLog(account, log, event, attempt === attempts);
  }
}

/** Appends an entry that stands alone. When the log has moved on it is brought up to date, and the caller looks again. */
async function appendToLog(
  account: Account,
  log: FamilyLog,
  event: KnownLogEvent,
  last: boolean,
): Promise<void> {
  const { state, author, now } = log.inputs();
  const { entries } = await writeEntries(state, author, [event], now);
  try {
    const { checkpoint } = await account.http.call(familyRoutes.appendLog, { body: { entries } });
    await log.accept(entries, checkpoint);
  } catch (error) {
    if (last || !(error instanceof AppError) || error.code !== 'log-conflict') throw error;
    await log.refresh();
  }
}
