import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '@heirloom/contracts';
import { digestSource } from '@heirloom/crypto';
import type { Metadata } from '@heirloom/formats';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openAccount } from '../account/account.ts';
import type { Profile } from '../account/profile.ts';
import { downloadOriginal } from '../library/download.ts';
import { Vault } from '../library/vault.ts';
import { verifyPhoto } from '../library/verify.ts';
import {
  Crash,
  CrashPoint,
  MemoryIndex,
  MemoryJournal,
  MemoryLog,
  MemoryProfile,
} from '../testing/memory-stores.spec-helper.ts';
import { TinyHome, type Fault } from '../testing/tiny-home.spec-helper.ts';
import type { UploadSource } from './pending-upload.ts';
import { Uploader, type UploadOutcome } from './uploader.ts';

const patience = { totalMs: 5000, firstWaitMs: 1, longestWaitMs: 4 };

/** A device that can be switched off at any write, and on again with what it had written. */
class Device {
  readonly home: TinyHome;
  readonly crash = new CrashPoint();
  readonly index = new MemoryIndex(this.crash);
  readonly journal = new MemoryJournal(this.crash);
  readonly log = new MemoryLog();
  readonly #profile: Profile;

  constructor(home: TinyHome, server: string) {
    this.home = home;
    this.#profile = home.profile(server);
  }

  async start() {
    const account = await openAccount(new MemoryProfile(this.#profile), { streamingBodies: true });
    const vault = await Vault.open(account, { index: this.index, log: this.log });
    await vault.syncLibrary();
    return { vault, uploader: new Uploader(vault, { journal: this.journal, patience }) };
  }
}

async function withDevice<T>(work: (device: Device, home: TinyHome) => Promise<T>): Promise<T> {
  const home = await TinyHome.create();
  await using server = await home.listen();
  return await work(new Device(home, server.origin), home);
}

const file = randomBytes(200_000);

async function sourceOf(bytes: Buffer, read: () => Buffer = () => bytes): Promise<UploadSource> {
  const digest = await digestSource(new Uint8Array(bytes));
  return {
    digest,
    async *original() {
      await Promise.resolve();
      yield new Uint8Array(read());
    },
    // Made anew each time, as a picture library makes its previews.
    describe: () => {
      const metadata: Metadata = {
        name: 'beach.jpg',
        mediaType: 'image/jpeg',
        size: digest.size,
        sha256: digest.sha256,
        modifiedAt: Date.now(),
      };
      return Promise.resolve({ metadata, thumbnail: new Uint8Array(randomBytes(500)) });
    },
  };
}

async function store(device: Device, bytes: Buffer): Promise<UploadOutcome> {
  const { uploader } = await device.start();
  const { outcome } = await uploader.send(await sourceOf(bytes));
  return await outcome;
}

/** The one photo that there is, opened and read back. */
async function readBack(device: Device): Promise<Buffer> {
  const { vault } = await device.start();
  const photos = await vault.library.all();
  expect(photos).toHaveLength(1);
  expect(device.home.objects.size).toBe(1);
  const [photo] = photos;
  if (!photo) throw new Error('there is no photo');
  await verifyPhoto(vault, photo);
  const pieces: Uint8Array[] = [];
  for await (const piece of downloadOriginal(vault, photo)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('Uploader', () => {
  it('stores a file, and finds it there the next time', async () => {
    await withDevice(async (device, home) => {
      expect(await store(device, file)).toMatchObject({ status: 'stored', copies: 2 });
      expect(await store(device, file)).toMatchObject({ status: 'already-stored' });
      expect(home.requests.filter((one) => one === 'POST /api/vault/photos')).toHaveLength(1);
      expect((await readBack(device)).equals(file)).toBe(true);
      expect(device.journal.rows.size).toBe(0);
    });
  });

  it('goes on after dying at any of its writes, and never stores twice', async () => {
    const writes = await withDevice(async (device) => {
      await store(device, file);
      return device.crash.writes;
    });
    expect(writes).toBeGreaterThan(4);
    for (let at = 1; at <= writes; at += 0.5) {
      await withDevice(async (device) => {
        device.crash.at = at;
        await store(device, file).then(
          (outcome) => expect(outcome.status === 'failed' && outcome.error).toBeInstanceOf(Crash),
          (error: unknown) => expect(error).toBeInstanceOf(Crash),
        );
        device.crash.at = Number.POSITIVE_INFINITY;
        const again = await store(device, file);
        expect(again.status).not.toBe('failed');
        expect((await readBack(device)).equals(file)).toBe(true);
        expect(device.journal.rows.size).toBe(0);
      });
    }
  });

  it('gets through whatever requests and answers are lost', async () => {
    const faults = fc.array(fc.constantFrom<Fault>('lost', 'unanswered', null, null), { maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(faults, async (script) => {
        await withDevice(async (device, home) => {
          const { uploader } = await device.start();
          const left = [...script];
          home.fault = () => left.shift() ?? null;
          const { outcome } = await uploader.send(await sourceOf(file));
          expect((await outcome).status).not.toBe('failed');
          home.fault = () => null;
          expect((await readBack(device)).equals(file)).toBe(true);
        });
      }),
      { numRuns: 15 },
    );
  });

  it('sends again what the server lost between upload and commit', async () => {
    await withDevice(async (device, home) => {
      home.fault = (request) => {
        if (request === 'POST /api/vault/photos' && home.objects.size === 0 && home.uploads.size > 0) {
          home.uploads.clear();
          home.fault = () => null;
        }
        return null;
      };
      expect((await store(device, file)).status).toBe('stored');
      expect((await readBack(device)).equals(file)).toBe(true);
    });
  });

  it('seals a file that changed meanwhile as another photo with another key', async () => {
    await withDevice(async (device) => {
      const { uploader, vault } = await device.start();
      const changed = Buffer.from(file);
      changed[150_000] = (changed[150_000] ?? 0) ^ 1;
      await expect(uploader.send(await sourceOf(file, () => changed))).rejects.toMatchObject({
        code: 'source-changed',
      });
      expect(device.journal.rows.size).toBe(0);
      const { outcome } = await uploader.send(await sourceOf(changed));
      expect((await outcome).status).toBe('stored');
      const [photo] = await vault.library.all();
      expect(
        Buffer.from(photo?.metadata?.sha256 ?? []).equals(createHash('sha256').update(changed).digest()),
      ).toBe(true);
    });
  });

  it('asks for room before it sends where there is a bound, and sends along where there is none', async () => {
    const bodies = async (quota: number | null) =>
      withDevice(async (device, home) => {
        home.quota = quota;
        expect(await store(device, file)).toMatchObject({ status: 'stored' });
        return home.requests.filter((one) => one.includes('/uploads')).map((one) => one.split('/')[0]);
      });
    expect(await bodies(null)).toEqual(['POST ']);
    expect(await bodies(1e9)).toEqual(['POST ', 'PATCH ']);
  });

  it('does not take what was refused for stored', async () => {
    await withDevice(async (device, home) => {
      home.tamper = (route, answer) =>
        route === 'vault.photos.commit'
          ? {
              results: (answer as { results: object[] }).results.map((result) => ({
                ...result,
                status: 'refused',
                code: 'storage-full',
                copies: 0,
              })),
            }
          : answer;
      const outcome = await store(device, file);
      expect(outcome).toMatchObject({ status: 'failed', error: expect.any(AppError) });
      expect(device.journal.rows.size).toBe(1);
    });
  });
});
