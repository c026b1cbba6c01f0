import { AppError, authRoutes, familyRoutes, newId, type DeviceId, type FamilyId } from '@heirloom/contracts';
import { randomBytes, sealKey, signerFromSeed } from '@heirloom/crypto';
import type { KnownLogEvent } from '@heirloom/formats';
import { ownLibrary, type Account } from '../account/account.ts';
import { grantBinding } from '../account/bindings.ts';
import { FamilyLog, type FamilyLogStore } from './family-log.ts';

const attempts = 5;

/**
 * The family's log, up to date and with this device in it. Whoever belongs to no family yet gets one of their own.
 * @throws AppError `damaged` when the log is not to be trusted.
 */
export async function ensureFamily(account: Account, store: FamilyLogStore): Promise<FamilyLog> {
  const log = await pullOrCreate(account, store);
  await addThisDevice(account, log);
  return log;
}

async function pullOrCreate(account: Account, store: FamilyLogStore): Promise<FamilyLog> {
  try {
    return await FamilyLog.pull(account, store);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'no-family') throw error;
  }
  try {
    return await createFamily(account, store);
  } catch (error) {
    // Another device of this person was quicker.
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    return await FamilyLog.pull(account, store);
  }
}

const deviceAdded = async ({ profile }: Account): Promise<KnownLogEvent> => ({
  kind: 'device-added',
  account: profile.accountId,
  device: profile.deviceId,
  sign: (await signerFromSeed(profile.deviceSeed)).publicKey,
});

async function createFamily(account: Account, store: FamilyLogStore): Promise<FamilyLog> {
  const familyId = newId<FamilyId>();
  const { identity, profile } = account;
  const binding = grantBinding('family', familyId, 1, profile.accountId);
  const sealedKey = await sealKey(identity.kem.publicKey, binding, randomBytes(32));
  const log = FamilyLog.begin(account, store, familyId);
  const entries = await log.write([
    { kind: 'family-created', sign: identity.public.sign, kem: identity.public.kem },
    {
      kind: 'granted',
      scope: 'family',
      collection: familyId,
      epoch: 1,
      grantee: profile.accountId,
      granteeIdentity: account.identityHash,
      role: 'owner',
      sealedKeyHash: await account.ports.digest(sealedKey),
    },
    await deviceAdded(account),
  ] as KnownLogEvent[]);
  const { libraryId } = ownLibrary(account);
  const { checkpoint } = await account.http.call(familyRoutes.create, {
    body: { familyId, libraryId, entries, sealedKey },
  });
  await log.accept(entries, checkpoint);
  return log;
}

async function addThisDevice(account: Account, log: FamilyLog): Promise<void> {
  for (let attempt = 1; !log.state.devices.has(account.profile.deviceId); attempt++) {
    await appendToLog(account, log, [await deviceAdded(account)], attempt === attempts);
  }
}

/**
 * Signs another device of this person out, everywhere within seconds, and enters it in the family log, so that nobody
 * believes its signatures any more.
 */
export async function revokeDevice(account: Account, log: FamilyLog, deviceId: DeviceId): Promise<void> {
  await account.http.call(authRoutes.revokeDevice, { params: { deviceId } });
  const event: KnownLogEvent = {
    kind: 'device-revoked',
    account: account.profile.accountId,
    device: deviceId,
  };
  for (let attempt = 1; log.state.devices.has(deviceId); attempt++) {
    await appendToLog(account, log, [event], attempt === attempts);
  }
}

/** Appends entries that stand alone. When the log has moved on it is brought up to date, and the caller looks again. */
async function appendToLog(
  account: Account,
  log: FamilyLog,
  events: KnownLogEvent[],
  last: boolean,
): Promise<void> {
  const entries = await log.write(events);
  try {
    const { checkpoint } = await account.http.call(familyRoutes.appendLog, { body: { entries } });
    await log.accept(entries, checkpoint);
  } catch (error) {
    if (last || !(error instanceof AppError) || error.code !== 'log-conflict') throw error;
    await log.refresh();
  }
}
