import { AppError, newId, type DeviceId } from '@heirloom/contracts';
import { randomBytes, signerFromSeed, writeEntries } from '@heirloom/crypto';
import {
  encodeVerifierKey,
  headOf,
  logEntryStatement,
  signHandover,
  suite,
  type KnownLogEvent,
  type NoteSigner,
} from '@heirloom/formats';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openAccount, type Account } from '../account/account.ts';
import type { localServer } from '../testing/local-server.spec-helper.ts';
import { MemoryLog, MemoryProfile } from '../testing/memory-stores.spec-helper.ts';
import { TinyHome } from '../testing/tiny-home.spec-helper.ts';
import { ensureFamily } from './ensure-family.ts';

let home: TinyHome;
let server: Awaited<ReturnType<typeof localServer>>;
let account: Account;
let store: MemoryLog;

beforeEach(async () => {
  home = await TinyHome.create();
  server = await home.listen();
  account = await openAccount(new MemoryProfile(home.profile(server.origin)));
  store = new MemoryLog();
});
afterEach(() => server[Symbol.asyncDispose]());

const secondDevice = async () => {
  const profile = { ...account.profile, deviceId: newId<DeviceId>(), deviceSeed: randomBytes(32) };
  return await openAccount(new MemoryProfile(profile));
};

/** Signs an entry that follows the log, by any key and whatever it says. */
async function forge(event: KnownLogEvent, seed: Uint8Array) {
  const { state, author, now } = (await ensureFamily(account, store)).inputs();
  const { size: index, root: head } = headOf(state);
  const entry = { suite, family: state.family, index, head, author: author.account, at: now, event };
  return await logEntryStatement.sign(entry as never, await signerFromSeed(seed));
}

const refusal = (sentence: RegExp) => ({ code: 'log-invalid', message: expect.stringMatching(sentence) });

describe('a family log', () => {
  it('is founded with its owner, their grant and their device, and pinned', async () => {
    const log = await ensureFamily(account, store);
    expect(log.state.members.get(account.profile.accountId)?.role).toBe('owner');
    expect([...log.state.devices.keys()]).toEqual([account.profile.deviceId]);
    expect(store.kept?.entries).toEqual(home.entries.map((entry) => new Uint8Array(entry)));
    expect(home.entries).toHaveLength(3);
    await ensureFamily(account, store);
    expect(home.entries).toHaveLength(3);
  });

  it('gets another device of the same person, page by page', async () => {
    await ensureFamily(account, store);
    const log = await ensureFamily(await secondDevice(), new MemoryLog());
    expect(log.state.devices.size).toBe(2);
    expect((await ensureFamily(account, store)).state.devices.size).toBe(2);
  });

  it('looks again when it has moved on', async () => {
    await ensureFamily(account, store);
    const other = await secondDevice();
    let raced = false;
    home.fault = (request) => {
      if (request === 'POST /api/family/log' && !raced) {
        raced = true;
        home.entries.push(...extra);
      }
      return null;
    };
    const { state, author, now } = (await ensureFamily(account, store)).inputs();
    const third = { account: account.profile.accountId, device: newId<DeviceId>(), sign: randomBytes(32) };
    const { entries: extra } = await writeEntries(state, author, [{ kind: 'device-added', ...third }], now);
    const log = await ensureFamily(other, new MemoryLog());
    expect(log.state.devices.size).toBe(3);
  });

  it('is refused when it is shorter than before', async () => {
    await ensureFamily(account, store);
    await ensureFamily(await secondDevice(), new MemoryLog());
    await ensureFamily(account, store);
    home.entries.pop();
    await expect(ensureFamily(account, store)).rejects.toMatchObject(refusal(/rolled back/));
  });

  it('is refused when it was forked', async () => {
    await ensureFamily(account, store);
    const before = [...home.entries];
    await ensureFamily(await secondDevice(), new MemoryLog());
    const others = new MemoryLog();
    await ensureFamily(account, others);
    home.entries = before;
    await ensureFamily(await secondDevice(), new MemoryLog());
    await expect(ensureFamily(account, others)).rejects.toMatchObject(refusal(/history was changed/));
  });

  it('is refused when its head is signed by another key', async () => {
    await ensureFamily(account, store);
    const strange = await TinyHome.create();
    Object.assign(home, { signer: strange.signer });
    await expect(ensureFamily(account, store)).rejects.toMatchObject(
      refusal(/not signed by the key of this installation/),
    );
  });

  describe('whose installation changed its key', () => {
    let old: NoteSigner;
    let next: NoteSigner;
    beforeEach(async () => {
      await ensureFamily(account, store);
      old = home.signer;
      next = (await TinyHome.create()).signer;
      Object.assign(home, { signer: next });
    });
    const refused = refusal(/not signed by the key of this installation/);

    it('is followed when the old key handed over to the new one, which is pinned from then on', async () => {
      home.handovers = [await signHandover(old, next)];
      await ensureFamily(account, store);
      expect(store.kept?.logKey).toBe(encodeVerifierKey(next));
      home.handovers = [];
      await ensureFamily(account, store);
      Object.assign(home, { signer: old });
      await expect(ensureFamily(account, store)).rejects.toMatchObject(refused);
    });

    it('is followed over several changes at once', async () => {
      const last = (await TinyHome.create()).signer;
      home.handovers = [await signHandover(old, next), await signHandover(next, last)];
      Object.assign(home, { signer: last });
      await ensureFamily(account, store);
      expect(store.kept?.logKey).toBe(encodeVerifierKey(last));
    });

    it('keeps its pin while heads still carry the old signature', async () => {
      home.handovers = [await signHandover(old, next)];
      Object.assign(home, { signer: old });
      await ensureFamily(account, store);
      expect(store.kept?.logKey).toBe(encodeVerifierKey(old));
    });

    it.each([
      ['signed by the new key alone', async () => await signHandover(next, next)],
      ['from another key', async () => await signHandover((await TinyHome.create()).signer, next)],
      ['of another new key', async () => await signHandover(old, (await TinyHome.create()).signer)],
      [
        'that was changed',
        async () =>
          (await signHandover(old, (await TinyHome.create()).signer)).replace(
            /^(.*\n.*\n).*\n/,
            `$1${encodeVerifierKey(next)}\n`,
          ),
      ],
    ])('is refused with a handover %s', async (_what, make) => {
      home.handovers = [await make()];
      await expect(ensureFamily(account, store)).rejects.toMatchObject(refused);
      expect(store.kept?.logKey).toBe(encodeVerifierKey(old));
    });
  });

  it.each([
    ['by a stranger', 'device-added', /not signed by its author/],
    ['about somebody else', 'grant', /somebody else's device/],
  ])('is refused with an entry that was signed %s', async (_, kind, sentence) => {
    await ensureFamily(account, store);
    const stranger = randomBytes(32);
    const device = newId<DeviceId>();
    const bytes =
      kind === 'device-added'
        ? await forge({ kind, account: account.profile.accountId, device, sign: randomBytes(32) }, stranger)
        : await forge(
            { kind: 'device-added', account: newId(), device, sign: randomBytes(32) },
            account.profile.identity.signSeed,
          );
    home.entries.push(bytes);
    await expect(ensureFamily(account, store)).rejects.toMatchObject(refusal(sentence));
    expect(store.kept?.entries).toHaveLength(3);
  });

  it('is refused when an entry grants more than its author may', async () => {
    await ensureFamily(account, store);
    const grant = {
      kind: 'granted',
      scope: 'album',
      collection: newId(),
      epoch: 1,
      grantee: account.profile.accountId,
      granteeIdentity: account.identityHash,
      role: 'manager',
      sealedKeyHash: randomBytes(32),
    } as const;
    home.entries.push(await forge(grant as never, account.profile.identity.signSeed));
    await expect(ensureFamily(account, store)).rejects.toMatchObject(
      refusal(/for an album that the family does not have/),
    );
  });

  it('is refused when one entry was changed', async () => {
    await ensureFamily(account, store);
    const fresh = new MemoryLog();
    const [first] = home.entries;
    const changed = new Uint8Array(first ?? []);
    changed[100] = (changed[100] ?? 0) ^ 1;
    home.entries[0] = changed;
    await expect(ensureFamily(account, fresh)).rejects.toBeInstanceOf(AppError);
    expect(fresh.kept).toBeNull();
  });
});
