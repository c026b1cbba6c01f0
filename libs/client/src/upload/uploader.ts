import { AppError, type CommitResult, type ObjectName } from '@heirloom/contracts';
import { openFileKey, plannedLength, sealObject, type ObjectSealing } from '@heirloom/crypto';
import { metadataFormat } from '@heirloom/formats';
import { libraryKeyOf } from '../account/account.ts';
import { isBounded, readUsage } from '../account/usage.ts';
import { isPassing, longPatience, Tries, type Patience } from '../http/retry.ts';
import { withTrashState, type IndexedPhoto } from '../library/photo.ts';
import type { Vault } from '../library/vault.ts';
import type { Journal } from '../local/ports.ts';
import { restorePhotos } from '../trash/trash.ts';
import { uploadByTus } from '../transfer/tus-upload.ts';
import { Committer } from './committer.ts';
import {
  findPending,
  keepPending,
  planUpload,
  sourcesOf,
  type PendingUpload,
  type UploadSource,
} from './pending-upload.ts';

export interface UploaderOptions {
  journal: Journal;
  signal?: AbortSignal;
  /** How long to outlive a server that does not answer. */
  patience?: Patience;
}

/** What became of a file. */
export type UploadOutcome =
  /** `restored`: it was stored before and lay in the trash. */
  | { status: 'stored' | 'already-stored' | 'restored'; photo: IndexedPhoto; copies: number }
  | { status: 'failed'; error: unknown };

export interface SendOptions {
  /** Bytes of the object that are at the server, and how many there will be. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
}

/** Refusals of a commit that sending the same object once more may cure. */
const cured = new Set(['hash-mismatch', 'not-found', 'gone', 'upload-offset']);

/**
 * Stores files in the person's library. An upload that was cut off at any moment goes on with the same ciphertext, and
 * a file counts as stored only when the server said so.
 */
export class Uploader {
  readonly #vault: Vault;
  readonly #journal: Journal;
  readonly #signal: AbortSignal | undefined;
  readonly #patience: Patience;
  readonly #committer: Committer;
  #isBounded: Promise<boolean> | undefined;

  constructor(vault: Vault, { journal, signal, patience = longPatience }: UploaderOptions) {
    this.#vault = vault;
    this.#journal = journal;
    this.#signal = signal;
    this.#patience = patience;
    this.#committer = new Committer(vault.account.http, patience, signal);
  }

  /**
   * Sends one file, and resolves when its bytes are at the server; `outcome` follows when they are acknowledged, and
   * never rejects.
   * @throws AppError `source-changed` when the file is not the one that was hashed: hash it again and send that.
   */
  async send(source: UploadSource, options: SendOptions = {}): Promise<{ outcome: Promise<UploadOutcome> }> {
    const known = await this.#known(source);
    if (known) {
      // An earlier run may have ended between the server's acknowledgement and its own note of it.
      const begun = await this.#journal.byContent(this.#vault.library.contentKey(source.digest.sha256));
      if (begun) await this.#journal.remove(begun.versionId);
      return { outcome: Promise.resolve({ ...known, copies: 0 }) };
    }
    const { account, seal } = this.#vault;
    const begun = await findPending(this.#journal, seal, source.digest.sha256);
    const sent = begun
      ? await this.#transfer(begun, source, options)
      : await this.#begin(await planUpload(account, source), source, options);
    return { outcome: this.#settle(sent, source, options).catch(failed) };
  }

  /** The photo with this original. It comes back when it lies in the trash; null when it is being deleted for good. */
  async #known({
    digest,
  }: UploadSource): Promise<{ status: 'already-stored' | 'restored'; photo: IndexedPhoto } | null> {
    const photo = await this.#vault.library.byContent(digest.sha256);
    if (photo?.trashedAt === undefined) return photo && { status: 'already-stored', photo };
    const [answer] = await restorePhotos(this.#vault, [photo.photo]);
    if (answer?.status !== 'restored' && answer?.status !== 'not-trashed') {
      await this.#vault.library.forget([photo.photo]);
      return null;
    }
    return { status: 'restored', photo: withTrashState(photo, null) };
  }

  async #begin(fresh: PendingUpload, source: UploadSource, options: SendOptions): Promise<PendingUpload> {
    await keepPending(this.#journal, this.#vault.seal, fresh);
    return await this.#transfer(fresh, source, options, false);
  }

  /** Sends what the server lacks of an upload that is in the journal. The object's name is known afterwards, and kept. */
  async #transfer(
    pending: PendingUpload,
    source: UploadSource,
    options: SendOptions,
    resume = true,
  ): Promise<PendingUpload> {
    if (pending.object !== null) return pending;
    const { account, seal } = this.#vault;
    const total = plannedLength(pending.plan);
    let current = pending;
    let last: Pass | undefined;
    const bytes = {
      bytes: total,
      from: (offset: number) => (last = new Pass(this.#seal(pending, source, offset), total - offset)),
    };
    try {
      const uploadId = await uploadByTus(
        account.http,
        {
          uploadId: pending.uploadId,
          source: bytes,
          resume,
          askFirst: await this.#mayBeFull(),
          signal: this.#signal,
          patience: this.#patience,
          onProgress: (sent) => options.onProgress?.(sent, total),
          onRestart: (next) => (current = { ...current, uploadId: next }),
        },
        { streamingBodies: account.streamingBodies },
      );
      const object = await this.#nameOf(last, pending, source);
      current = { ...current, uploadId, object };
    } catch (error) {
      if (error instanceof AppError && error.code === 'source-changed') {
        await this.#journal.remove(pending.plan.version);
      }
      throw error;
    }
    await keepPending(this.#journal, seal, current);
    return current;
  }

  /** Where somebody may keep so much and no more, nothing is sent that the server would refuse. */
  #mayBeFull(): Promise<boolean> {
    this.#isBounded ??= readUsage(this.#vault.account).then(isBounded, () => true);
    return this.#isBounded;
  }

  #seal(pending: PendingUpload, source: UploadSource, from = 0): ObjectSealing {
    const { account } = this.#vault;
    const { wrap } = pending.plan;
    return sealObject(pending.plan, {
      sources: sourcesOf(pending, source.original),
      libraryKey: libraryKeyOf(account, wrap.library, wrap.epoch),
      signer: account.identity.signer,
      ports: account.ports,
      from,
    });
  }

  /** The name of the object that was sent. When an earlier run had sent all of it, it is sealed once more. */
  async #nameOf(pass: Pass | undefined, pending: PendingUpload, source: UploadSource): Promise<ObjectName> {
    if (pass?.complete) return pass.sealing.result.name;
    const again = this.#seal(pending, source);
    for await (const piece of again) void piece;
    return again.result.name;
  }

  /** Commits, and sends the object once more when the server lost it meanwhile. */
  async #settle(sent: PendingUpload, source: UploadSource, options: SendOptions): Promise<UploadOutcome> {
    let current = sent;
    let result = await this.#commit(current);
    if (result.status === 'refused' && result.code !== undefined && cured.has(result.code)) {
      const again = { ...current, object: null };
      await keepPending(this.#journal, this.#vault.seal, again);
      current = await this.#transfer(again, source, options);
      result = await this.#commit(current);
    }
    if (result.status === 'refused' && result.code === 'gone') {
      // The photo that it was to be has been deleted for good: it is stored as another one.
      await this.#journal.remove(current.plan.version);
      return await this.#storeAnew(source, options);
    }
    if (result.status === 'refused') throw refusedBecause(result);
    const photo = await this.#photoOf(current);
    await this.#vault.library.put(photo);
    await this.#journal.remove(current.plan.version);
    return { status: result.restored ? 'restored' : result.status, photo, copies: result.copies };
  }

  async #storeAnew(source: UploadSource, options: SendOptions): Promise<UploadOutcome> {
    const fresh = await planUpload(this.#vault.account, source);
    return await this.#settle(await this.#begin(fresh, source, options), source, options);
  }

  /** Some refusals pass by themselves. */
  async #commit({ plan, uploadId, object }: PendingUpload): Promise<CommitResult> {
    if (object === null) throw new Error('an upload is committed after it was sent');
    const tries = new Tries(this.#patience, this.#signal);
    for (;;) {
      const result = await this.#committer.commit({
        photoId: plan.photo,
        versionId: plan.version,
        libraryId: plan.library,
        uploadId,
        object,
      });
      const refusal = result.status === 'refused' ? refusedBecause(result) : null;
      if (!refusal || !isPassing(refusal)) return result;
      await tries.failed(refusal);
    }
  }

  async #photoOf({ plan, object, metadata }: PendingUpload): Promise<IndexedPhoto> {
    if (object === null) throw new Error('a stored object has a name');
    const libraryKey = libraryKeyOf(this.#vault.account, plan.wrap.library, plan.wrap.epoch);
    return {
      photo: plan.photo,
      version: plan.version,
      library: plan.library,
      object,
      objectBytes: plannedLength(plan),
      committedAt: Date.now(),
      trailer: null,
      fileKey: await openFileKey(libraryKey, plan.wrap, plan.version),
      metadata: metadataFormat.decode(metadata),
      problem: null,
    };
  }
}

/** One pass over an object's bytes, which knows when the last of them was handed out. */
class Pass implements AsyncIterable<Uint8Array> {
  readonly sealing: ObjectSealing;
  #left: number;

  constructor(sealing: ObjectSealing, bytes: number) {
    this.sealing = sealing;
    this.#left = bytes;
  }

  get complete(): boolean {
    return this.#left === 0;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of this.sealing) {
      this.#left -= piece.length;
      yield piece;
    }
  }
}

const failed = (error: unknown): UploadOutcome => ({ status: 'failed', error });

const refusedBecause = ({ code, detail }: CommitResult): AppError =>
  new AppError(code ?? 'internal', detail === undefined ? {} : { detail });
