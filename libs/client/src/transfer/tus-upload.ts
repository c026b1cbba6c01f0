import { AppError, limits, newId, vaultRoutes, type UploadId } from '@heirloom/contracts';
import type { Http } from '../http/http.ts';
import { longPatience, persist, Tries, type Patience } from '../http/retry.ts';
import { ChunkFeed, type ResumableBytes } from './chunk-feed.ts';

export interface UploadRequest {
  uploadId: UploadId;
  source: ResumableBytes;
  /** Whether an earlier run may have sent a part already. */
  resume: boolean;
  /** Asks whether there is room before anything is sent; else a small object comes with the question. */
  askFirst?: boolean;
  /** Told the bytes that the server holds, now and then. It falls when the server lost some. */
  onProgress?: (bytes: number) => void;
  /** Told when the server gave the upload up and it goes on under another id. */
  onRestart?: (uploadId: UploadId) => void;
  signal?: AbortSignal | undefined;
  patience?: Patience;
}

export interface UploadSettings {
  /**
   * Whether fetch takes a stream as a request's body here. Node does over HTTP/1.1; browsers do not, and then a
   * chunk is held in memory while it is sent.
   */
  streamingBodies: boolean;
  /** Bytes in one request. */
  chunkBytes?: number;
}

const bufferedChunkBytes = 8 * 1024 * 1024;
const tus = { 'tus-resumable': '1.0.0' };
const octets = { 'content-type': 'application/offset+octet-stream' };

/** Uploads one object by tus 1.0.0, resuming as often as needed, and answers the id under which it lies there. */
export async function uploadByTus(
  http: Http,
  request: UploadRequest,
  settings: UploadSettings,
): Promise<UploadId> {
  const upload = new TusUpload(http, request, settings);
  try {
    return await upload.run();
  } finally {
    await upload.close();
  }
}

class TusUpload {
  readonly #http: Http;
  readonly #request: UploadRequest;
  readonly #chunkBytes: number;
  readonly #streaming: boolean;
  readonly #patience: Patience;
  readonly #feed: ChunkFeed;
  #uploadId: UploadId;

  constructor(http: Http, request: UploadRequest, settings: UploadSettings) {
    this.#http = http;
    this.#request = request;
    this.#streaming = settings.streamingBodies;
    this.#chunkBytes =
      settings.chunkBytes ?? (this.#streaming ? limits.uploadChunkBytes : bufferedChunkBytes);
    this.#patience = request.patience ?? longPatience;
    this.#feed = new ChunkFeed(request.source);
    this.#uploadId = request.uploadId;
  }

  async run(): Promise<UploadId> {
    const total = this.#request.source.bytes;
    const tries = new Tries(this.#patience, this.#request.signal);
    let offset = this.#request.resume ? await this.#where() : null;
    let best = 0;
    while (offset === null || offset < total) {
      this.#request.onProgress?.(offset ?? 0);
      try {
        offset = offset === null ? await this.#create() : await this.#append(offset);
      } catch (error) {
        await this.#recover(error, tries, (offset ?? 0) > best);
        offset = await this.#where();
      }
      best = Math.max(best, offset ?? 0);
    }
    this.#request.onProgress?.(total);
    return this.#uploadId;
  }

  close(): Promise<void> {
    return this.#feed.close();
  }

  /** What to do about a failed request: look where the server stands, or give up by throwing. */
  async #recover(error: unknown, tries: Tries, progressed: boolean): Promise<void> {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'gone') {
      this.#uploadId = newId<UploadId>();
      this.#request.onRestart?.(this.#uploadId);
      return;
    }
    const elsewhere = error.code === 'upload-offset' || error.code === 'not-found';
    await tries.failed(
      elsewhere ? new AppError('unavailable', { detail: error.message, cause: error }) : error,
      progressed,
    );
  }

  /** The server's offset, or null when it knows no such upload. */
  async #where(): Promise<number | null> {
    try {
      const response = await persist(
        () =>
          this.#http.send(vaultRoutes.readUpload, {
            params: { uploadId: this.#uploadId },
            headers: tus,
            signal: this.#request.signal,
          }),
        { patience: this.#patience, signal: this.#request.signal },
      );
      return this.#offsetOf(response);
    } catch (error) {
      if (error instanceof AppError && error.code === 'gone')
        await this.#recover(error, new Tries(this.#patience), false);
      else if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
      return null;
    }
  }

  /** Creates the upload, and sends a small object along at once, unless there may be no room for it. */
  async #create(): Promise<number> {
    const total = this.#request.source.bytes;
    const whole = !this.#request.askFirst && total <= bufferedChunkBytes;
    const response = await this.#http.send(vaultRoutes.createUpload, {
      headers: {
        ...tus,
        'upload-length': String(total),
        'upload-metadata': `id ${btoa(this.#uploadId)}`,
        ...(whole ? octets : {}),
      },
      body: whole ? await this.#feed.blob(0, total) : null,
      signal: this.#request.signal,
    });
    return this.#offsetOf(response);
  }

  async #append(offset: number): Promise<number> {
    const end = Math.min(this.#request.source.bytes, offset + this.#chunkBytes);
    const onRead = (bytes: number) => this.#request.onProgress?.(offset + bytes);
    const body = this.#streaming
      ? await this.#feed.stream(offset, end, onRead)
      : await this.#feed.blob(offset, end);
    let response: Response;
    try {
      response = await this.#http.send(vaultRoutes.continueUpload, {
        params: { uploadId: this.#uploadId },
        headers: { ...tus, ...octets, 'upload-offset': String(offset) },
        body,
        signal: this.#request.signal,
      });
    } catch (error) {
      throw this.#feed.failure ?? error;
    }
    return this.#offsetOf(response);
  }

  #offsetOf(response: Response): number {
    const text = response.headers.get('upload-offset') ?? '';
    const offset = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (offset >= 0 && offset <= this.#request.source.bytes) return offset;
    throw new AppError('internal', {
      detail: `${this.#http.server} did not say how much of the upload it holds.`,
    });
  }
}
