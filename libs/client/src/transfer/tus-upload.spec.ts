import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, newId, type UploadId } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { Http } from '../http/http.ts';
import { bodyOf, localServer, refuse } from '../testing/local-server.spec-helper.ts';
import type { ResumableBytes } from './chunk-feed.ts';
import { uploadByTus, type UploadSettings } from './tus-upload.ts';

const tokens = { accessToken: () => Promise.resolve('token'), expired: () => undefined };
const patience = { totalMs: 2000, firstWaitMs: 1, longestWaitMs: 5 };

function source(bytes: Buffer, step = 10_000): ResumableBytes {
  return {
    bytes: bytes.length,
    async *from(offset) {
      for (let at = offset; at < bytes.length; at += step) {
        await Promise.resolve();
        yield bytes.subarray(at, Math.min(bytes.length, at + step));
      }
    },
  };
}

/** Keeps uploads as tus asks, and misbehaves when the test says so before a request is handled. */
class TusServer {
  readonly held = new Map<string, Buffer>();
  readonly requests: string[] = [];
  misbehave: (method: string, count: number, response: ServerResponse) => boolean = () => false;
  /** Keeps only so many bytes of the PATCH with this number, then cuts the connection. */
  cut: { patch: number; keepBytes: number } | null = null;
  #patches = 0;

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    this.requests.push(method);
    if (this.misbehave(method, this.requests.filter((m) => m === method).length, response)) return;
    if (method === 'POST') return this.#create(request, response);
    const id = request.url?.split('/').at(-1) ?? '';
    const held = this.held.get(id);
    if (!held) return refuse(response, 'not-found');
    if (method === 'HEAD') return this.#answer(response, 200, held.length);
    if (Number(request.headers['upload-offset']) !== held.length) return refuse(response, 'upload-offset');
    this.#patches += 1;
    if (this.cut?.patch === this.#patches) return this.#cutOff(request, id, held, this.cut.keepBytes);
    const all = Buffer.concat([held, await bodyOf(request)]);
    this.held.set(id, all);
    this.#answer(response, 204, all.length);
  }

  async #create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, encoded = ''] = /^id (\S+)$/.exec(String(request.headers['upload-metadata'])) ?? [];
    const id = Buffer.from(encoded, 'base64').toString();
    const body = await bodyOf(request);
    if (!this.held.has(id)) this.held.set(id, body);
    this.#answer(response, 201, this.held.get(id)?.length ?? 0);
  }

  async #cutOff(request: IncomingMessage, id: string, held: Buffer, keepBytes: number): Promise<void> {
    const pieces = [held];
    let kept = 0;
    for await (const piece of request) {
      pieces.push((piece as Buffer).subarray(0, keepBytes - kept));
      kept += (piece as Buffer).length;
      if (kept >= keepBytes) break;
    }
    this.held.set(id, Buffer.concat(pieces));
    request.socket.destroy();
  }

  #answer(response: ServerResponse, status: number, offset: number): void {
    response.writeHead(status, { 'tus-resumable': '1.0.0', 'upload-offset': offset }).end();
  }
}

async function upload(
  tus: TusServer,
  bytes: ResumableBytes,
  settings: UploadSettings,
  options: { resume?: boolean; uploadId?: UploadId } = {},
): Promise<Buffer | undefined> {
  await using server = await localServer((request, response) => tus.handle(request, response));
  const uploadId = await uploadByTus(
    new Http(server.origin, tokens),
    {
      uploadId: options.uploadId ?? newId<UploadId>(),
      source: bytes,
      resume: options.resume ?? false,
      patience,
    },
    settings,
  );
  return tus.held.get(uploadId);
}

describe.each([{ streamingBodies: true }, { streamingBodies: false }])('uploadByTus with %o', (how) => {
  const big = randomBytes(9 * 1024 * 1024);
  const settings = { ...how, chunkBytes: 4 * 1024 * 1024 };

  it('sends a small object with its creation', async () => {
    const tus = new TusServer();
    const bytes = randomBytes(50_000);
    expect(await upload(tus, source(bytes), settings)).toEqual(bytes);
    expect(tus.requests).toEqual(['POST']);
  });

  it('sends an empty one', async () => {
    expect(await upload(new TusServer(), source(Buffer.alloc(0)), settings)).toEqual(Buffer.alloc(0));
  });

  it('sends a large object in chunks', async () => {
    const tus = new TusServer();
    expect((await upload(tus, source(big), settings))?.equals(big)).toBe(true);
    expect(tus.requests).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH']);
  });

  it('goes on where the server stands after a cut in a chunk', async () => {
    const tus = new TusServer();
    tus.cut = { patch: 2, keepBytes: 1_234_567 };
    expect((await upload(tus, source(big), settings))?.equals(big)).toBe(true);
    expect(tus.requests).toContain('HEAD');
  });

  it('goes on after lost answers, a busy server and a wrong offset', async () => {
    const tus = new TusServer();
    tus.misbehave = (method, count, response) => {
      if (method === 'PATCH' && count === 2) refuse(response, 'locked');
      else if (method === 'PATCH' && count === 3) refuse(response, 'upload-offset');
      else if (method === 'HEAD' && count === 1) response.destroy();
      else return false;
      return true;
    };
    expect((await upload(tus, source(big), settings))?.equals(big)).toBe(true);
  });

  it('resumes what an earlier run began, and begins anew when the server forgot it', async () => {
    const tus = new TusServer();
    const uploadId = newId<UploadId>();
    tus.held.set(uploadId, big.subarray(0, 6_000_000));
    expect((await upload(tus, source(big), settings, { resume: true, uploadId }))?.equals(big)).toBe(true);
    expect(tus.requests).toEqual(['HEAD', 'PATCH']);
    expect((await upload(new TusServer(), source(big), settings, { resume: true }))?.equals(big)).toBe(true);
  });

  it('passes on what the source says', async () => {
    const changed = new AppError('source-changed');
    const failing: ResumableBytes = {
      bytes: big.length,
      async *from() {
        yield big.subarray(0, 5_000_000);
        await Promise.resolve();
        throw changed;
      },
    };
    await expect(upload(new TusServer(), failing, settings)).rejects.toBe(changed);
  });

  it('gives up on what does not pass', async () => {
    const tus = new TusServer();
    tus.misbehave = (_method, _count, response) => {
      refuse(response, 'storage-full');
      return true;
    };
    await expect(upload(tus, source(big), settings)).rejects.toMatchObject({ code: 'storage-full' });
  });
});
