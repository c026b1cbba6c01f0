import type { SourceDigest } from '@heirloom/crypto';
import type { MediaDescription } from '@heirloom/media';
import { proxy, wrap } from 'comlink';
import { scriptUrl } from '../engine/trusted.ts';
import type { MediaTasks } from './media-tasks.ts';
import workerUrl from './media.worker.ts?worker&url';

/** A picture that takes longer is stored without a thumbnail: it may have been made to keep us busy. */
const describeMs = 60_000;

interface Started {
  worker: Worker;
  tasks: MediaTasks;
  /** Rejects when the worker breaks, for example because a picture took all memory. */
  broken: Promise<never>;
}

async function start(): Promise<Started> {
  const worker = new Worker(scriptUrl(workerUrl), { type: 'module', name: 'heirloom-media' });
  const ready = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  worker.addEventListener('message', () => ready.resolve(), { once: true });
  worker.addEventListener('error', ({ message }) => broken.reject(new Error(message || 'a worker broke')));
  await Promise.race([ready.promise, broken.promise]);
  return { worker, tasks: wrap<MediaTasks>(worker) as unknown as MediaTasks, broken: broken.promise };
}

/** One of them, started with its first use, and started anew when it broke. */
class MediaWorker {
  #started: Promise<Started> | null = null;

  async run<T>(work: (tasks: MediaTasks) => Promise<T>, limitMs: number | null = null): Promise<T> {
    this.#started ??= start();
    const { tasks, broken } = await this.#started;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      if (limitMs !== null) timer = setTimeout(() => reject(new Error('this takes too long')), limitMs);
    });
    try {
      return await Promise.race([work(tasks), broken, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    const started = this.#started;
    this.#started = null;
    void started?.then(({ worker }) => worker.terminate()).catch(() => undefined);
  }
}

/** Reads files and makes their thumbnails beside the engine. */
export class MediaWorkers {
  readonly #reader = new MediaWorker();
  readonly #describer = new MediaWorker();

  async digest(file: Blob, tell: (bytes: number) => void): Promise<SourceDigest> {
    return await this.#reader.run((tasks) => tasks.digest(file, proxy(tell)));
  }

  /** A file that cannot be looked at is described by what is known without looking. */
  async describe(
    file: Blob,
    about: { name: string; sha256: Uint8Array; modifiedAt: number },
  ): Promise<MediaDescription> {
    try {
      return await this.#describer.run((tasks) => tasks.describe(file, about), describeMs);
    } catch {
      this.#describer.end();
      const { name, sha256, modifiedAt } = about;
      const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream';
      return { metadata: { name, mediaType, size: file.size, sha256, modifiedAt } };
    }
  }

  /** Frees their memory. */
  end(): void {
    this.#reader.end();
    this.#describer.end();
  }
}
