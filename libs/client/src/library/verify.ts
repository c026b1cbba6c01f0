import {
  AppError,
  integrityRoutes,
  limits,
  type CopyState,
  type LocationId,
  type VersionId,
} from '@heirloom/contracts';
import { iterate, verifyObject, type OpenedObject } from '@heirloom/crypto';
import { findPart, type ReadRange } from '@heirloom/formats';
import type { ReadOptions } from '../transfer/range-reader.ts';
import { openIndexedPhoto } from './download.ts';
import type { IndexedPhoto } from './photo.ts';
import { objectReader } from './read-photo.ts';
import type { Vault } from './vault.ts';

/**
 * Downloads a whole object and proves on this device that it is what was sealed: block hashes, name, signature, and
 * that the original opens.
 * @returns how many bytes were read.
 * @throws AppError `damaged` or `object-malformed` with what is wrong, or what went wrong on the way.
 */
export async function verifyPhoto(
  vault: Pick<Vault, 'account' | 'log'>,
  photo: IndexedPhoto,
  options: ReadOptions = {},
): Promise<number> {
  const { opened, trailer, signers } = await openIndexedPhoto(vault, photo, options);
  const read = objectReader(vault.account, photo.version, options);
  const original = new OriginalCheck(opened);
  const tapped = original.tap(read(0, photo.objectBytes));
  try {
    await verifyObject(tapped, { trailer, signers, name: photo.object, ports: vault.account.ports });
  } catch (error) {
    await original.abandon(error);
    throw error;
  }
  await original.end();
  return photo.objectBytes;
}

/** Opens the original from the same bytes that are being verified, so that they are fetched only once. */
class OriginalCheck {
  readonly #from: number;
  readonly #to: number;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #opened: Promise<unknown>;
  #failure: unknown;

  constructor(opened: OpenedObject) {
    const part = findPart(opened.manifest, 'original');
    if (!part) throw new AppError('damaged', { detail: 'This photo has no original.' });
    this.#from = part.offset;
    this.#to = part.offset + part.length;
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    this.#writer = writable.getWriter();
    this.#writer.closed.catch(() => undefined);
    this.#opened = drain(opened, () => iterate(readable)).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  async *tap(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    let at = 0;
    for await (const piece of source) {
      const from = Math.max(0, this.#from - at);
      const to = Math.min(piece.length, this.#to - at);
      if (from < to && this.#failure === undefined) await this.#write(piece.slice(from, to));
      at += piece.length;
      yield piece;
    }
  }

  /** What does not open is told at the end: the block hashes say more of what is damaged. */
  async #write(piece: Uint8Array): Promise<void> {
    await Promise.race([this.#writer.write(piece), this.#opened]).catch(() => undefined);
  }

  async abandon(reason: unknown): Promise<void> {
    await this.#writer.abort(reason).catch(() => undefined);
    await this.#opened;
  }

  async end(): Promise<void> {
    await this.#writer.close().catch(() => undefined);
    await this.#opened;
    if (this.#failure !== undefined) throw this.#failure as Error;
  }
}

async function drain(opened: OpenedObject, read: ReadRange): Promise<void> {
  for await (const piece of opened.stream('original', read)) void piece;
}

export interface CopyReport {
  versionId: VersionId;
  locationId: LocationId;
  state: CopyState;
}

/** Asks the server to re-read every copy of these versions. What it answers is the server's word. */
export async function askForCopies(vault: Vault, versionIds: readonly VersionId[]): Promise<CopyReport[]> {
  const copies: CopyReport[] = [];
  for (let at = 0; at < versionIds.length; at += limits.versionsPerVerification) {
    const page = versionIds.slice(at, at + limits.versionsPerVerification);
    let after: VersionId | null = null;
    do {
      const answer: { copies: CopyReport[]; next: VersionId | null } = await vault.account.http.call(
        integrityRoutes.verify,
        {
          body: {
            libraryId: vault.libraryId,
            versionIds: page,
            limit: limits.versionsPerVerification,
            ...(after === null ? {} : { after }),
          },
        },
        { timeoutMs: 10 * 60_000 },
      );
      copies.push(
        ...answer.copies.map(({ versionId, locationId, state }) => ({ versionId, locationId, state })),
      );
      after = answer.next;
    } while (after !== null);
  }
  return copies;
}
