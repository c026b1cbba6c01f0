import {
  newId,
  type AccountId,
  type DeviceId,
  type LibraryId,
  type ObjectName,
  type PhotoId,
  type VersionId,
} from '@heirloom/contracts';
import { digestSource, planObject, randomBytes, sealObject, signerFromSeed } from '@heirloom/crypto';
import { createHash } from 'node:crypto';

export interface SealedTestObject {
  photoId: PhotoId;
  versionId: VersionId;
  libraryId: LibraryId;
  bytes: Uint8Array<ArrayBuffer>;
  object: ObjectName;
}

/** An object as a client seals it, with an original of `size` random bytes. */
export async function sealTestObject(
  { accountId, deviceId, libraryId }: { accountId: AccountId; deviceId: DeviceId; libraryId: LibraryId },
  change: Partial<SealedTestObject> & { size?: number } = {},
): Promise<SealedTestObject> {
  const ids = {
    photo: change.photoId ?? newId<PhotoId>(),
    version: change.versionId ?? newId<VersionId>(),
    author: accountId,
    device: deviceId,
    createdAt: Date.now(),
  };
  const library = change.libraryId ?? libraryId;
  const libraryKey = { library, epoch: 1, key: randomBytes(32) };
  const sources = { original: randomBytesOf(change.size ?? 1000), metadata: randomBytes(200) };
  const parts = await Promise.all(
    (['original', 'metadata'] as const).map(async (label) => ({
      label,
      digest: await digestSource(sources[label]),
    })),
  );
  const plan = await planObject(ids, libraryKey, parts);
  const sealing = sealObject(plan, {
    sources,
    libraryKey: libraryKey.key,
    signer: await signerFromSeed(randomBytes(32)),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of sealing) chunks.push(chunk);
  return {
    photoId: ids.photo,
    versionId: ids.version,
    libraryId: library,
    bytes: new Uint8Array(Buffer.concat(chunks)),
    object: sealing.result.name,
  };
}

/** As many random bytes as asked for: the Web's own function gives at most 64 KiB. */
export function randomBytesOf(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

export const sha256 = (bytes: Uint8Array): ObjectName =>
  createHash('sha256').update(bytes).digest('hex') as ObjectName;

/** Waits until a probe gives something. */
export async function eventually<T>(
  probe: () => Promise<T | undefined | false>,
  withinMs = 10_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found as T;
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
