import {
  AppError,
  authRoutes,
  familyRoutes,
  newId,
  type AccountId,
  type DeviceId,
  type FamilyInvite,
  type LibraryId,
} from '@heirloom/contracts';
import {
  createKeyring,
  libraryKey,
  openKeyring,
  randomBytes,
  sealText,
  signerFromSeed,
  storeKeyring,
  type Keyring,
} from '@heirloom/crypto';
import { Http } from '../http/http.ts';
import { noPatience } from '../http/retry.ts';
import { deviceNameBinding } from './bindings.ts';
import { checkedEmail, checkPassword, shortName } from './check-input.ts';
import { startLogin, startRegistration } from './opaque.ts';
import { passwordUnlock, reRegister } from './password.ts';
import type { Profile, ProfileStore } from './profile.ts';
import { recoveryOf, type RecoveryKey } from './recovery-key.ts';
import { Session, tokensOf } from './session.ts';

export interface SignIn {
  /** An origin, as serverOrigin makes it. */
  server: string;
  email: string;
  password: string;
  /** What people call this device. */
  deviceName: string;
  /** The person's name. */
  name?: string | undefined;
  /** The code that a server asks for which accepts new families by invitation. */
  invitation?: string | undefined;
  /** An invite to a family, which any server accepts that the family is on. */
  familyInvite?: FamilyInvite | undefined;
  /** A recovery key that the account has from its first moment on: see newRecoveryKey. */
  recovery?: RecoveryKey | undefined;
}

/** A device's keys are random: they are derived from nothing and stay on the device. */
export async function newDevice(): Promise<{
  deviceId: DeviceId;
  seed: Uint8Array;
  publicKey: Uint8Array;
}> {
  const seed = randomBytes(32);
  return { deviceId: newId<DeviceId>(), seed, publicKey: (await signerFromSeed(seed)).publicKey };
}

/** Creates an account with its keys and signs this device in. The family comes after it: see Vault.open
 * and Vault.join. */
export async function signUp(store: ProfileStore, request: SignIn): Promise<Profile> {
  checkPassword(request.password);
  const email = checkedEmail(request.email);
  const http = new Http(request.server);
  const accountId = newId<AccountId>();
  const admission = {
    ...(request.invitation === undefined ? {} : { invitation: request.invitation }),
    ...(request.familyInvite === undefined ? {} : { familyInvite: request.familyInvite }),
  };
  const registering = await startRegistration(request.password);
  const { registrationResponse, seedId } = await http.call(authRoutes.startRegistration, {
    body: { accountId, email, ...admission, registrationRequest: registering.registrationRequest },
  });
  const { registrationRecord, exportKey } = registering.finish(registrationResponse);
  const libraryId = newId<LibraryId>();
  const keyring = await createKeyring(accountId, libraryId);
  const unlock = await passwordUnlock(keyring, exportKey);
  const device = await newDevice();
  const { verifierKey } = await http.call(familyRoutes.logKey, {});
  const { key, epoch } = libraryKey(keyring, libraryId);
  const name = deviceNameBinding(libraryId, epoch, device.deviceId);
  const { session } = await http.call(authRoutes.finishRegistration, {
    body: {
      accountId,
      email,
      ...admission,
      seedId,
      registrationRecord,
      unlock,
      ...(request.recovery ? { recovery: await recoveryOf(keyring, request.recovery) } : {}),
      keyring: await storeKeyring(keyring),
      device: {
        deviceId: device.deviceId,
        publicKey: device.publicKey,
        sealedName: await sealText(key, name, shortName(request.deviceName)),
      },
    },
  });
  const profile = profileOf(request, email, keyring, { ...device, tokens: tokensOf(session), verifierKey });
  await store.save(profile);
  return profile;
}

/**
 * Signs this device in to an account that exists. Its name can be sealed only when the keys are open: see
 * renameDevice.
 */
export async function logIn(
  store: ProfileStore,
  request: Pick<SignIn, 'server' | 'email' | 'password' | 'name'>,
): Promise<Profile> {
  const email = checkedEmail(request.email);
  const http = new Http(request.server);
  const loggingIn = await startLogin(request.password);
  const { loginId, loginResponse } = await http.call(authRoutes.startLogin, {
    body: { email, startLoginRequest: loggingIn.startLoginRequest },
  });
  const proof = loggingIn.finish(loginResponse);
  if (!proof) throw new AppError('login-failed');
  const { verifierKey } = await http.call(familyRoutes.logKey, {});
  const device = await newDevice();
  const answer = await http.call(
    authRoutes.finishLogin,
    {
      body: {
        loginId,
        finishLoginRequest: proof.finishLoginRequest,
        device: { deviceId: device.deviceId, publicKey: device.publicKey },
      },
    },
    { patience: noPatience },
  );
  const { session, unlock, keyring: stored } = answer;
  const keyring = await openKeyring(
    { accountId: session.accountId, unlock, keyring: stored },
    proof.exportKey,
  );
  const profile = profileOf(request, email, keyring, { ...device, tokens: tokensOf(session), verifierKey });
  await store.save(profile);
  if (!answer.reRegister) return profile;
  // The server got a new setup: its record of this password is made anew, while the password is at hand.
  const signed = http.withTokens(new Session(http, store, profile));
  await reRegister({ http: signed, profile }, { current: request.password, next: request.password }).catch(
    (error: unknown) => {
      // The device is signed in all the same, and the next login tries again.
      if (!(error instanceof AppError)) throw error;
    },
  );
  return profile;
}

export function profileOf(
  request: Pick<SignIn, 'server' | 'name'>,
  email: string,
  keyring: Keyring,
  rest: { deviceId: DeviceId; seed: Uint8Array; tokens: Profile['tokens']; verifierKey: string },
): Profile {
  return {
    format: 1,
    server: request.server,
    email,
    name: request.name === undefined ? null : shortName(request.name),
    accountId: keyring.account,
    deviceId: rest.deviceId,
    deviceSeed: rest.seed,
    identity: { signSeed: keyring.identity.signSeed, kemSeed: keyring.identity.kemSeed },
    libraries: keyring.libraries.map(({ library, epoch, key }) => ({ libraryId: library, epoch, key })),
    localKey: randomBytes(32),
    logKey: rest.verifierKey,
    tokens: rest.tokens,
  };
}
