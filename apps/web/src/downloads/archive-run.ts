import { downloadOriginal, type IndexedPhoto } from '@heirloom/client';
import { AppError, type ErrorCode } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';
import { plainOf, type PlainError } from '../engine/errors.ts';
import type { Reader, Served } from '../lightbox/media-tokens.ts';
import { savedAs } from '../lightbox/serve-media.ts';
import { indexedPhoto } from '../media/media-engine.ts';
import type { PhotoRef } from '../media/photo-list.ts';
import { uniqueNames } from './unique-names.ts';
import { zip, type ZipFile } from './zip.ts';

export interface ArchiveEntry extends PhotoRef {
  /** Of the file. */
  name: string;
  /** Of the original. */
  bytes: number;
}

/** How far an archive is. */
export interface ArchiveNews {
  state: 'running' | 'done' | 'failed' | 'stopped';
  /** Those that are done with, whole or left out. */
  files: number;
  bytes: number;
  /** Names of photos that could not be read as they were stored. They are not in the archive. */
  leftOut: string[];
  fault: PlainError | null;
}

/** A file that the archive gets when photos had to be left out. Their names stand below its words. */
export interface ReportText {
  name: string;
  words: string;
}

export interface ArchivePlan {
  entries: readonly ArchiveEntry[];
  name: string;
  report: ReportText;
}

const newsMs = 200;

/** A photo that ends so is left out; whatever else happens ends the archive, since it may pass. */
const lasting: ReadonlySet<ErrorCode> = new Set(['damaged', 'object-malformed', 'not-found', 'gone']);
const isLasting = (error: unknown): boolean => error instanceof AppError && lasting.has(error.code);

/** One archive while it is being read. It may be read once. */
export class ArchiveRun {
  readonly allBytes: number;
  readonly #context: EngineContext;
  readonly #plan: ArchivePlan;
  readonly #hear: (news: ArchiveNews) => void;
  readonly #stop = new AbortController();
  #news: ArchiveNews = { state: 'running', files: 0, bytes: 0, leftOut: [], fault: null };
  #toldAt = 0;
  /** Whether the file that was written last stands in the archive. */
  #isWhole = true;

  constructor(context: EngineContext, plan: ArchivePlan, hear: (news: ArchiveNews) => void) {
    this.#context = context;
    this.#plan = plan;
    this.#hear = hear;
    this.allBytes = plan.entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  readonly answer: Served['answer'] = (vault, _range, signal) => {
    // The browser's own list of downloads can stop it too.
    signal.addEventListener('abort', () => this.stop());
    return { ...savedAs(`${this.#plan.name}.zip`, null), body: this.pieces(vault) };
  };

  /** @throws what reading throws, and the signal's reason when it is stopped */
  async *pieces(vault: Reader): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    yield* zip(this.#files(vault), (_file, error) => {
      this.#isWhole = !isLasting(error);
      return !this.#isWhole;
    });
    this.#tell({ state: 'done' });
  }

  stop(): void {
    this.#stop.abort();
    this.#tell({ state: 'stopped' });
  }

  readonly fail = (error: unknown): void => this.#tell({ state: 'failed', fault: plainOf(error) });

  async *#files(vault: Reader): AsyncGenerator<ZipFile> {
    const nameOf = uniqueNames();
    let bytes = 0;
    for (const [i, entry] of this.#plan.entries.entries()) {
      this.#stop.signal.throwIfAborted();
      const photo = await indexedPhoto(this.#context, entry).catch((error: unknown) => {
        if (isLasting(error)) return null;
        throw error;
      });
      this.#isWhole = Boolean(photo?.metadata);
      if (photo?.metadata)
        yield {
          name: nameOf(photo.metadata.name ?? photo.photo),
          modifiedAt: photo.metadata.modifiedAt ?? photo.committedAt,
          sizeBytes: photo.metadata.size,
          body: this.#original(vault, photo),
        };
      bytes += entry.bytes;
      const { leftOut } = this.#news;
      const name = entry.name || entry.photo;
      this.#tell({ files: i + 1, bytes, leftOut: this.#isWhole ? leftOut : [...leftOut, name] });
    }
    if (this.#news.leftOut.length > 0) yield this.#report(nameOf);
  }

  async *#original(vault: Reader, photo: IndexedPhoto): AsyncGenerator<Uint8Array> {
    for await (const piece of downloadOriginal(vault, photo, { signal: this.#stop.signal })) {
      yield piece;
      this.#tell({ bytes: this.#news.bytes + piece.length });
    }
  }

  #report(nameOf: (name: string) => string): ZipFile {
    const { name, words } = this.#plan.report;
    const lines = [words, '', ...this.#news.leftOut.map((one) => one.replaceAll(/\p{Cc}/gu, ' ')), ''];
    const text = new TextEncoder().encode(lines.join('\r\n'));
    return { name: nameOf(name), modifiedAt: Date.now(), sizeBytes: text.length, body: only(text) };
  }

  /** Once it has ended it stays as it ended. */
  #tell(news: Partial<ArchiveNews>): void {
    if (this.#news.state !== 'running') return;
    this.#news = { ...this.#news, ...news };
    const now = performance.now();
    if (this.#news.state === 'running' && now - this.#toldAt < newsMs) return;
    this.#toldAt = now;
    this.#hear(this.#news);
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
