import { familyRoutes, recoveryRoutes } from '@heirloom/contracts';
import { libraryKey, openKeyring, readRecoveryWords, recoveryAccess, sealText } from '@heirloom/crypto';
import { Http } from '../http/http.ts';
import { deviceNameBinding } from './bindings.ts';
import { checkedEmail, checkPassword, shortName } from './check-input.ts';
import { startRegistration } from './opaque.ts';
import { passwordUnlock } from './password.ts';
import type { Profile, ProfileStore } from './profile.ts';
import { tokensOf } from './session.ts';
import { newDevice, profileOf } from './sign-in.ts';

export interface Recovery {
  /** An origin, as serverOrigin makes it. */
  server: string;
  email: string;
  /** The 24 words, as they were typed. */
  words: string | readonly string[];
  newPassword: string;
  /** What people call this device. */
  deviceName: string;
}

/**
 * Gets somebody in who has their recovery key and no password any more: sets the new password and signs this device in.
 * Other devices stay signed in, and the recovery key stays good; see listDevices and makeRecoveryKey.
 * @throws AppError `bad-request` with a sentence for words that cannot be right, or a password that is too short;
 * `recovery-failed` when they are not those of this account; DamagedError when the server shows keys of its own
 */
export async function recoverAccount(store: ProfileStore, request: Recovery): Promise<Profile> {
  const secret = readRecoveryWords(request.words);
  checkPassword(request.newPassword);
  const email = checkedEmail(request.email);
  const http = new Http(request.server);
  const { accessCode } = recoveryAccess(secret);
  const registering = await startRegistration(request.newPassword);
  const shown = await http.call(recoveryRoutes.startRecovery, {
    body: { email, accessCode, registrationRequest: registering.registrationRequest },
  });
  const { accountId, unlock, keyring: stored, seedId } = shown;
  const keyring = await openKeyring({ accountId, unlock, keyring: stored }, secret);
  const { registrationRecord, exportKey } = registering.finish(shown.registrationResponse);
  const { verifierKey } = await http.call(familyRoutes.logKey, {});
  const device = await newDevice();
  const [library] = keyring.libraries;
  if (!library) throw new Error('a keyring has a library');
  const { epoch, key } = libraryKey(keyring, library.library);
  const name = deviceNameBinding(library.library, epoch, device.deviceId);
  const { session } = await http.call(recoveryRoutes.finishRecovery, {
    body: {
      email,
      accessCode,
      seedId,
      registrationRecord,
      unlock: await passwordUnlock(keyring, exportKey),
      device: {
        deviceId: device.deviceId,
        publicKey: device.publicKey,
        sealedName: await sealText(key, name, shortName(request.deviceName)),
      },
    },
  });
  const { server } = request;
  const profile = profileOf({ server }, email, keyring, {
    ...device,
    tokens: tokensOf(session),
    verifierKey,
  });
  await store.save(profile);
  return profile;
}
