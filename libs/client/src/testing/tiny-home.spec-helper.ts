import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  familyRoutes,
  newId,
  quotaRoutes,
  vaultRoutes,
  type AccountId,
  type Collection,
  type CommitItem,
  type FeedEntry,
  type RouteContract,
  type RouteInput,
  type RouteOutput,
  type Version,
} from '@heirloom/contracts';
import { randomBytes, signerFromSeed } from '@heirloom/crypto';
import {
  decodeTrailer,
  encodeVerifierKey,
  findPart,
  leafHash,
  logEntryStatement,
  logOrigin,
  merkleRoot,
  readFooter,
  signCheckpoint,
  signedEnvelope,
  type NoteSigner,
} from '@heirloom/formats';
import type { DeviceId, FamilyId, LibraryId, VersionId } from '@heirloom/contracts';
import { z } from 'zod';
import type { Profile } from '../account/profile.ts';
import { answerJson, bodyOf, localServer, refuse } from './local-server.spec-helper.ts';

/** What a test does to a request: refuse to hear it, or hear it and lose the answer. */
export type Fault = 'lost' | 'unanswered' | null;

/**
 * The network edge of a client for one person: what the real services answer, kept in memory and without any check of who
 * asks. It watches that no byte of an upload is ever sent in two different ways.
 */
export class TinyHome {
  readonly incarnation = randomUUID();
  familyId: FamilyId | null = null;
  libraryId: LibraryId | null = null;
  entries: Uint8Array[] = [];
  readonly collections: Collection[] = [];
  readonly uploads = new Map<string, Buffer>();
  readonly objects = new Map<string, Buffer>();
  readonly feeds = new Map<string, FeedEntry[]>();
  /** Bytes of each upload by offset, as they came first. */
  readonly #seen = new Map<string, Map<number, number>>();
  /** What the person may keep at most. */
  quota: number | null = null;
  readonly requests: string[] = [];
  fault: (request: string, count: number) => Fault = () => null;
  /** Changes what is answered, as a dishonest server would. */
  tamper: (route: string, answer: unknown) => unknown = (_route, answer) => answer;
  readonly signer: NoteSigner;
  /** How the keys of heads changed. */
  handovers: string[] = [];

  private constructor(signer: NoteSigner) {
    this.signer = signer;
  }

  static async create(): Promise<TinyHome> {
    const signer = await signerFromSeed(randomBytes(32));
    return new TinyHome({ name: 'tiny-home', publicKey: signer.publicKey, sign: signer.sign });
  }

  listen() {
    return localServer((request, response) => this.handle(request, response));
  }

  /** A signed-in person of this home. */
  profile(server: string): Profile {
    return {
      format: 1,
      server,
      email: 'anna@example.org',
      name: null,
      accountId: newId<AccountId>(),
      deviceId: newId<DeviceId>(),
      deviceSeed: randomBytes(32),
      identity: { signSeed: randomBytes(32), kemSeed: randomBytes(32) },
      libraries: [{ libraryId: newId<LibraryId>(), epoch: 1, key: randomBytes(32) }],
      localKey: randomBytes(32),
      logKey: encodeVerifierKey(this.signer),
      tokens: { access: 'token', accessUntil: Date.now() + 3_600_000, refresh: 'refresh' },
    };
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://home');
    const name = `${request.method} ${url.pathname}`;
    this.requests.push(name);
    const fault = this.fault(name, this.requests.length);
    if (fault === 'lost') return void request.socket.destroy();
    if (url.pathname.startsWith('/api/vault/uploads')) return this.#tus(request, response, url, fault);
    if (url.pathname.endsWith('/object')) return this.#object(request, response, url);
    const body = await bodyOf(request);
    const answer = await this.#answer(request.method ?? '', url, body);
    if (fault === 'unanswered') return void request.socket.destroy();
    if (answer === null) return refuse(response, 'not-found');
    if (typeof answer === 'string') return refuse(response, answer as 'no-family');
    const [route, value] = answer;
    answerJson(response, this.tamper(route.id, z.encode(route.output, value)), route.status);
  }

  async #answer(method: string, url: URL, body: Buffer): Promise<[RouteContract, unknown] | string | null> {
    const input = <R extends RouteContract>(route: R) =>
      z.decode(route.body, JSON.parse(body.toString()) as never) as RouteInput<R>['body'];
    switch (`${method} ${url.pathname}`) {
      case 'GET /api/vault/usage': {
        const usage = { photos: 0, bytes: 0, openBytes: 0, trashedBytes: 0, quota: this.quota, family: null };
        return [quotaRoutes.ownUsage, usage];
      }
      case 'GET /api/family/mine':
        if (!this.familyId) return 'no-family';
        return [
          familyRoutes.mine,
          {
            familyId: this.familyId,
            libraryId: this.libraryId,
            role: 'owner',
            checkpoint: await this.checkpoint(),
          },
        ];
      case 'POST /api/family/families': {
        const { familyId, libraryId, entries, sealedKey } = input(familyRoutes.create);
        if (this.familyId && this.familyId !== familyId) return 'conflict';
        Object.assign(this, { familyId, libraryId, entries });
        const family = { collectionId: familyId as never, kind: 'family', role: 'owner' } as const;
        this.#give({ ...family, sealedName: null, grantIndex: 1, sealedKey });
        return [familyRoutes.create, { checkpoint: await this.checkpoint() }];
      }
      case 'GET /api/family/log': {
        const from = Number(url.searchParams.get('from'));
        const entries = this.entries.map((entry, index) => ({ index, entry })).slice(from, from + 2);
        return [familyRoutes.log, { entries, checkpoint: await this.checkpoint() }];
      }
      case 'GET /api/family/log-key':
        return [
          familyRoutes.logKey,
          { verifierKey: encodeVerifierKey(this.signer), handovers: this.handovers },
        ];
      case 'POST /api/family/log':
        if (!this.#append(input(familyRoutes.appendLog).entries)) return 'log-conflict';
        return [familyRoutes.appendLog, { checkpoint: await this.checkpoint() }];
      case 'POST /api/family/albums':
        return this.#createAlbum(input(familyRoutes.createAlbum));
      case 'GET /api/family/collections': {
        const from = Number(url.searchParams.get('cursor') ?? 0);
        const collections = this.collections.slice(from);
        return [familyRoutes.collections, { collections, cursor: `${this.collections.length}`, more: false }];
      }
      case 'POST /api/vault/photos':
        return [
          vaultRoutes.commitPhotos,
          { results: input(vaultRoutes.commitPhotos).items.map((i) => this.#commit(i)) },
        ];
    }
    const feed = /^\/api\/vault\/collections\/(.*)\/feed$/.exec(url.pathname)?.[1];
    if (feed) return this.#feed(feed, url);
    if (/^\/api\/vault\/albums\/.*\/items$/.test(url.pathname))
      return this.#addItems(input(vaultRoutes.addAlbumItems));
    return null;
  }

  checkpoint(size = this.entries.length): Promise<string> {
    const root = merkleRoot(this.entries.slice(0, size).map(leafHash));
    return signCheckpoint({ origin: logOrigin(this.familyId as FamilyId), size, root }, this.signer);
  }

  #append(entries: readonly Uint8Array[]): boolean {
    const [first] = entries;
    if (!first) return false;
    const { index } = logEntryStatement.payload.decode(signedEnvelope.decode(first).payload);
    if (index !== this.entries.length) return false;
    this.entries.push(...entries);
    return true;
  }

  async #createAlbum(
    body: RouteInput<typeof familyRoutes.createAlbum>['body'],
  ): Promise<[RouteContract, unknown] | string> {
    if (!this.#append(body.entries)) return 'log-conflict';
    this.#give({
      collectionId: body.albumId as never,
      kind: 'album',
      role: 'manager',
      sealedName: body.sealedName,
      grantIndex: this.entries.length - 1,
      sealedKey: body.sealedKey,
    });
    return [familyRoutes.createAlbum, { checkpoint: await this.checkpoint() }];
  }

  #give(row: Omit<Collection, 'epoch' | 'rotationDue' | 'removed'>): void {
    this.collections.push({ ...row, epoch: 1, rotationDue: false, removed: false });
  }

  #feedOf(id: string): FeedEntry[] {
    const feed = this.feeds.get(id) ?? [];
    this.feeds.set(id, feed);
    return feed;
  }

  #feed(id: string, url: URL): [RouteContract, RouteOutput<typeof vaultRoutes.feed>] | string {
    const cursor = url.searchParams.get('cursor');
    const [incarnation, position = '0'] = cursor?.split('/') ?? [this.incarnation];
    if (incarnation !== this.incarnation) return 'gone';
    const all = this.#feedOf(id);
    const to = Math.min(all.length, Number(position) + 3);
    return [
      vaultRoutes.feed,
      {
        incarnation: this.incarnation,
        entries: all.slice(Number(position), to),
        cursor: `${this.incarnation}/${to}` as never,
        more: to < all.length,
      },
    ];
  }

  #addItems({ items }: RouteInput<typeof vaultRoutes.addAlbumItems>['body']): [RouteContract, unknown] {
    for (const item of items) {
      const version = [...this.feeds.values()]
        .flat()
        .find((entry) => entry.kind === 'version' && entry.version.versionId === item.versionId);
      if (version?.kind === 'version')
        this.#feedOf(item.albumId).push({ kind: 'item', item, version: version.version });
    }
    return [vaultRoutes.addAlbumItems, { added: items.length, alreadyThere: 0 }];
  }

  #commit({ versionId, photoId, libraryId, uploadId, object }: CommitItem) {
    const known = this.objects.get(versionId);
    if (known) return { versionId, status: 'already-stored', copies: 2 };
    const bytes = this.uploads.get(uploadId);
    if (!bytes) return { versionId, status: 'refused', copies: 0, code: 'not-found' };
    if (createHash('sha256').update(bytes).digest('hex') !== object)
      return { versionId, status: 'refused', copies: 0, code: 'hash-mismatch' };
    this.uploads.delete(uploadId);
    this.objects.set(versionId, bytes);
    const trailerBytes = readFooter(bytes);
    const trailer = new Uint8Array(bytes.subarray(-trailerBytes));
    const { manifest } = decodeTrailer(trailer, bytes.length);
    const metadata = findPart(manifest, 'metadata');
    const version: Version = {
      photoId,
      versionId,
      libraryId,
      authorId: manifest.author,
      deviceId: manifest.device,
      object,
      objectBytes: bytes.length,
      trailerBytes,
      trailer,
      sealedMetadata: metadata
        ? new Uint8Array(bytes.subarray(metadata.offset, metadata.offset + metadata.length))
        : null,
      committedAt: new Date(),
    };
    this.#feedOf(libraryId).push({ kind: 'version', version });
    return { versionId, status: 'stored', copies: 2 };
  }

  async #tus(request: IncomingMessage, response: ServerResponse, url: URL, fault: Fault): Promise<void> {
    const id =
      request.method === 'POST'
        ? Buffer.from(String(request.headers['upload-metadata']).split(' ')[1] ?? '', 'base64').toString()
        : (url.pathname.split('/').at(-1) ?? '');
    const held = this.uploads.get(id);
    if (request.method === 'HEAD' && !held) return refuse(response, 'not-found');
    if (request.method === 'PATCH' && Number(request.headers['upload-offset']) !== held?.length)
      return refuse(response, 'upload-offset');
    let bytes = held ?? Buffer.alloc(0);
    if (request.method !== 'HEAD' && !(request.method === 'POST' && held)) {
      const body = await bodyOf(request);
      this.#watch(id, bytes.length, body);
      bytes = Buffer.concat([bytes, body]);
      this.uploads.set(id, bytes);
    }
    if (fault === 'unanswered') return void request.socket.destroy();
    const status = { POST: 201, HEAD: 200 }[request.method ?? ''] ?? 204;
    response.writeHead(status, { 'tus-resumable': '1.0.0', 'upload-offset': bytes.length }).end();
  }

  /** Two ciphertexts at one place of an upload would mean two plaintexts under one key and nonce. */
  #watch(id: string, offset: number, body: Buffer): void {
    const seen = this.#seen.get(id) ?? new Map<number, number>();
    this.#seen.set(id, seen);
    body.forEach((byte, i) => {
      const before = seen.get(offset + i);
      if (before !== undefined && before !== byte)
        throw new Error(`upload ${id} was sent in two different ways`);
      seen.set(offset + i, byte);
    });
  }

  #object(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const bytes = this.objects.get((url.pathname.split('/').at(-2) ?? '') as VersionId);
    if (!bytes) return refuse(response, 'not-found');
    const [, from = '0', last = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    response
      .writeHead(206, { 'content-range': `bytes ${from}-${last}/${bytes.length}` })
      .end(bytes.subarray(Number(from), Number(last) + 1));
  }
}
