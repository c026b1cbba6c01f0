import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeInviteLink } from '@heirloom/formats';
import { readInvitation } from '../family/join.ts';
import { Vault } from '../library/vault.ts';
import { MemoryProfile } from '../testing/memory-stores.spec-helper.ts';
import { Dweller, RealHome } from '../testing/real-home.spec-helper.ts';
import { openAccount } from './account.ts';
import { listDevices } from './devices.ts';
import { changePassword } from './password.ts';
import { recoverAccount } from './recover-account.ts';
import {
  checkRecoveryKey,
  confirmRecoveryKey,
  listUnlocks,
  makeRecoveryKey,
  newRecoveryKey,
} from './recovery-key.ts';
import { logIn, signUp } from './sign-in.ts';

let home: RealHome;
let anna: Dweller;
beforeAll(async () => {
  home = await RealHome.start();
  anna = await home.owner('Anna');
}, 60_000);
afterAll(() => home?.[Symbol.asyncDispose]());

const open = async (profile: MemoryProfile) => {
  const { index, log } = new Dweller(home, 'nobody');
  return await Vault.open(await openAccount(profile), { index, log });
};
const tryLogIn = ({ signIn }: Dweller, password: string) =>
  logIn(new MemoryProfile(), { ...signIn, password });

describe('a recovery key', () => {
  it('gets somebody in on a cold device, with the same keys and photos, by a new password', async () => {
    const { photo, bytes } = await anna.store('beach.jpg');
    await expect(makeRecoveryKey(anna.vault.account, 'not the password')).rejects.toMatchObject({
      code: 'password-wrong',
    });
    const key = await makeRecoveryKey(anna.vault.account, anna.signIn.password);
    expect((await listUnlocks(anna.vault.account)).map(({ kind }) => kind)).toEqual(['password', 'recovery']);
    expect((await confirmRecoveryKey(anna.vault.account, key)).confirmedAt).toBeInstanceOf(Date);

    await expect(checkRecoveryKey(anna.vault.account, newRecoveryKey().words)).rejects.toThrow('not yours');
    expect((await checkRecoveryKey(anna.vault.account, key.words)).unlockId).toBe(key.unlockId);
    const cold = new MemoryProfile();
    const request = { ...anna.signIn, words: key.words, newPassword: 'a new password', deviceName: 'phone' };
    const wrong = { ...request, words: newRecoveryKey().words };
    await expect(recoverAccount(cold, wrong)).rejects.toMatchObject({ code: 'recovery-failed' });
    await expect(recoverAccount(cold, { ...request, newPassword: 'short' })).rejects.toThrow('at least');
    await expect(recoverAccount(cold, { ...request, words: 'one two' })).rejects.toThrow('24 words');
    expect(cold.profile).toBeNull();
    await recoverAccount(cold, request);
    const { identity, libraries } = anna.profile.profile!;
    expect(cold.profile).toMatchObject({ identity, libraries });

    const vault = await open(cold);
    await vault.syncLibrary();
    const [found] = await vault.library.all();
    expect(found?.metadata?.name).toBe('beach.jpg');
    expect(found?.metadata?.sha256).toEqual(photo.metadata?.sha256);
    expect(bytes.length).toBe(found?.metadata?.size);
    const devices = await listDevices(vault.account);
    expect(devices.map(({ name, own, enteredBy, revokedAt }) => [name, own, enteredBy, revokedAt])).toEqual([
      ['laptop', false, 'password', null],
      ['phone', true, 'recovery', null],
    ]);
    await expect(tryLogIn(anna, anna.signIn.password)).rejects.toMatchObject({ code: 'login-failed' });
    await tryLogIn(anna, 'a new password');
    // The words stay good.
    await recoverAccount(new MemoryProfile(), { ...request, newPassword: anna.signIn.password });
  }, 60_000);

  it('is there from the sign-up on, and not when the server shows keys of its own', async () => {
    const recovery = newRecoveryKey();
    const berta = new Dweller(home, 'Berta');
    const link = await anna.invite();
    const { admission } = await readInvitation(decodeInviteLink(link));
    await signUp(berta.profile, { ...berta.signIn, familyInvite: admission, recovery });
    const request = { ...berta.signIn, words: recovery.words.join(' '), newPassword: 'a new password' };
    const other = anna.profile.profile!.accountId;
    home.tamper = (name, answer: { accountId: string }) =>
      name.endsWith('/recoveries/start') ? { ...answer, accountId: other } : answer;
    await expect(recoverAccount(new MemoryProfile(), request)).rejects.toMatchObject({ code: 'damaged' });
    home.tamper = (_name, answer) => answer;
    const profile = await recoverAccount(new MemoryProfile(), request);
    expect(profile.accountId).toBe(berta.profile.profile!.accountId);
  }, 60_000);
});

describe('a password', () => {
  it('is changed by whoever knows the one before', async () => {
    const carla = await anna.bring('Carla');
    const { account } = carla.vault;
    const current = carla.signIn.password;
    await expect(changePassword(account, { current, next: 'short' })).rejects.toThrow('at least');
    await expect(
      changePassword(account, { current: 'not the password', next: 'a new password' }),
    ).rejects.toThrow('This is not your password.');
    const key = await makeRecoveryKey(account, current);
    await changePassword(account, { current, next: 'a new password' });
    await expect(tryLogIn(carla, current)).rejects.toMatchObject({ code: 'login-failed' });
    const again = await tryLogIn(carla, 'a new password');
    expect(again.libraries).toEqual(carla.profile.profile!.libraries);
    const { signIn } = carla;
    await recoverAccount(new MemoryProfile(), { ...signIn, words: key.words, newPassword: current });
  }, 60_000);

  it('is registered again by itself when the server asks for it', async () => {
    const before = (await listUnlocks(anna.vault.account)).find(({ kind }) => kind === 'password');
    home.tamper = (name, answer: object) =>
      name.endsWith('/logins/finish') ? { ...answer, reRegister: true } : answer;
    const { password } = anna.signIn;
    await tryLogIn(anna, password);
    home.tamper = (_name, answer) => answer;
    const after = (await listUnlocks(anna.vault.account)).find(({ kind }) => kind === 'password');
    expect(after?.unlockId).not.toBe(before?.unlockId);
    await tryLogIn(anna, password);
  }, 60_000);
});
