import { Worker } from 'node:worker_threads';
import { once } from 'node:events';

/** SHA-256 of a stream as 64 hex digits. Takes the chunks over: nobody may use them afterwards. Rejects as the stream does. */
export type HashStream = (source: AsyncIterable<Uint8Array>) => Promise<string>;

/** Chunks of one stream that lie with the worker at a time, so that memory stays flat. */
const chunksAhead = 4;

/** From the worker: a chunk was hashed, or the digest of a stream that has ended. */
type Report = { id: number; digest?: string };

interface Stream {
  ahead: number;
  /** Resolves what waits: for room, or for the digest. */
  wake: () => void;
  digest?: string;
  error?: Error;
}

interface Thread {
  worker: Worker;
  streams: Map<number, Stream>;
}

const isSource = import.meta.url.endsWith('.ts');
const workerFile = new URL(isSource ? './hash-worker.ts' : './hash-worker.js', import.meta.url);

/** A few threads that hash, started when they are first needed. A thread that dies takes its streams along and is replaced. */
export class HashWorkers implements AsyncDisposable {
  readonly #threads: Thread[] = [];
  readonly #count: number;
  #lastId = 0;

  constructor(count: number) {
    this.#count = count;
  }

  readonly hash: HashStream = async (source) => {
    const id = ++this.#lastId;
    const thread = this.#leastBusy();
    const stream: Stream = { ahead: 0, wake: () => undefined };
    thread.streams.set(id, stream);
    try {
      for await (const chunk of source) {
        await until(stream, () => stream.ahead < chunksAhead);
        stream.ahead++;
        send(thread.worker, id, chunk);
      }
      await until(stream, () => stream.ahead === 0);
      thread.worker.postMessage({ id, end: 'digest' });
      await until(stream, () => stream.digest !== undefined);
      return stream.digest!;
    } catch (error) {
      if (thread.streams.has(id)) thread.worker.postMessage({ id, end: 'drop' });
      throw error;
    } finally {
      thread.streams.delete(id);
    }
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #leastBusy(): Thread {
    if (this.#threads.length < this.#count) return this.#start();
    return this.#threads.reduce((best, one) => (one.streams.size < best.streams.size ? one : best));
  }

  #start(): Thread {
    // Node takes the types away by itself when it runs the source.
    const worker = new Worker(
      workerFile,
      isSource ? { execArgv: ['--experimental-strip-types', '--no-warnings'] } : {},
    );
    // It never keeps a process alive that is otherwise done.
    worker.unref();
    const thread: Thread = { worker, streams: new Map() };
    this.#threads.push(thread);
    worker.on('message', (report: Report) => {
      const stream = thread.streams.get(report.id);
      if (!stream) return;
      if (report.digest === undefined) stream.ahead--;
      else stream.digest = report.digest;
      stream.wake();
    });
    const died = (error: Error) => {
      const at = this.#threads.indexOf(thread);
      if (at !== -1) this.#threads.splice(at, 1);
      for (const stream of thread.streams.values()) {
        stream.error ??= error;
        stream.wake();
      }
    };
    worker.on('error', died);
    void once(worker, 'exit').then(([code]) => died(new Error(`a hashing thread ended with ${code}`)), died);
    return thread;
  }
}

/** A chunk that has its memory to itself moves to the worker; one that shares it is copied. */
function send(worker: Worker, id: number, chunk: Uint8Array): void {
  const isAlone = chunk.byteLength === chunk.buffer.byteLength && chunk.buffer instanceof ArrayBuffer;
  const own = isAlone ? chunk : new Uint8Array(chunk);
  worker.postMessage({ id, chunk: own }, [own.buffer as ArrayBuffer]);
}

async function until(stream: Stream, condition: () => boolean): Promise<void> {
  while (!stream.error && !condition()) {
    await new Promise<void>((resolve) => {
      stream.wake = resolve;
    });
  }
  if (stream.error) throw stream.error;
}
