import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { authService } from '@heirloom/auth';
import type { ErrorCode } from '@heirloom/contracts';
import { digestSource, randomBytes } from '@heirloom/crypto';
import { decodeInviteLink } from '@heirloom/formats';
import { integrityCheckerService } from '@heirloom/integrity-checker';
import { migrateServices, run, type Running, type ServiceDefinition } from '@heirloom/service-kit';
import { emptyTestDatabase, settled } from '@heirloom/service-kit/testing';
import { sharingPolicyService } from '@heirloom/sharing-policy';
import { vaultService } from '@heirloom/vault';
import { openAccount } from '../account/account.ts';
import { signUp } from '../account/sign-in.ts';
import { invitePerson, type InviteOptions } from '../family/invite.ts';
import type { FamilyNews, TellNews } from '../family/family-news.ts';
import { readInvitation } from '../family/join.ts';
import { downloadOriginal } from '../library/download.ts';
import type { IndexedPhoto } from '../library/photo.ts';
import { Vault } from '../library/vault.ts';
import { Uploader } from '../upload/uploader.ts';
import { bodyOf, localServer, refuse } from './local-server.spec-helper.ts';
import { MemoryIndex, MemoryJournal, MemoryLog, MemoryProfile } from './memory-stores.spec-helper.ts';

const services = [
  authService,
  vaultService,
  sharingPolicyService,
  integrityCheckerService,
] as ServiceDefinition[];

/** Each lets one family in. */
const furtherCodes = ['code-four', 'code-five', 'code-six', 'code-seven', 'code-eight'];

/** What tells people of photos and of collections. */
const feeds = /^GET \/api\/(?:vault\/collections\/[^/]+\/feed|family\/collections)$/;

/** Changes a JSON answer on its way to a client, as somebody on the wire or a dishonest server would. */
export type Tamper = (request: string, answer: never) => unknown;

/**
 * The four real services in one process on a database and directories of their own, behind a wire that a test can
 * meddle with. New families need the code; whoever has an invite needs none.
 */
export class RealHome implements AsyncDisposable {
  readonly invitation = 'the-code';
  readonly #codes = [this.invitation, ...furtherCodes];
  tamper: Tamper = (_request, answer) => answer;
  /** Names a request whose answer gets lost, once. */
  lose: RegExp | null = null;
  /** Answers a request by an error of its own. */
  refuse: { request: RegExp; code: ErrorCode } | null = null;
  readonly #stack: AsyncDisposableStack;
  readonly #running: Running;
  readonly #databaseUrl: string;
  #wire = '';

  private constructor(stack: AsyncDisposableStack, running: Running, databaseUrl: string) {
    this.#stack = stack;
    this.#running = running;
    this.#databaseUrl = databaseUrl;
  }

  static async start(): Promise<RealHome> {
    await using stack = new AsyncDisposableStack();
    const database = await emptyTestDatabase();
    stack.defer(() => database.drop());
    const folder = await mkdtemp(path.join(os.tmpdir(), 'heirloom-client-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const env = await settings(folder, database.url);
    await migrateServices(services, env);
    const running = await run(services, env);
    stack.defer(() => running.close());
    const home = new RealHome(stack.move(), running, database.url);
    const wire = home.#stack.use(await localServer((request, response) => home.#pass(request, response)));
    home.#wire = wire.origin;
    return home;
  }

  /** The address that clients know. */
  get url(): string {
    return this.#wire;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method} ${new URL(request.url ?? '', this.#wire).pathname}`;
    if (this.refuse?.request.test(name)) return refuse(response, this.refuse.code);
    // Other specs have transactions open in the same server, and feeds stop at those.
    if (feeds.test(name)) await settled(this.#databaseUrl);
    const body = await bodyOf(request);
    const headers = new Headers(request.headers as Record<string, string>);
    for (const hop of ['host', 'connection', 'content-length', 'transfer-encoding']) headers.delete(hop);
    const answer = await fetch(`${this.#running.url}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    });
    let bytes = Buffer.from(await answer.arrayBuffer());
    if (this.lose?.test(name)) {
      this.lose = null;
      request.socket.destroy();
      return;
    }
    if (answer.ok && answer.headers.get('content-type')?.includes('json'))
      bytes = Buffer.from(JSON.stringify(this.tamper(name, JSON.parse(bytes.toString()) as never)));
    const out = Object.fromEntries(answer.headers);
    delete out['content-length'];
    response.writeHead(answer.status, out).end(bytes);
  }

  /** Somebody with a family of their own. */
  async owner(name: string): Promise<Dweller> {
    const person = new Dweller(this, name);
    const invitation = this.#codes.shift();
    await signUp(person.profile, { ...person.signIn, ...(invitation ? { invitation } : {}) });
    await person.open();
    return person;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

async function settings(folder: string, databaseUrl: string): Promise<Record<string, string>> {
  const secrets = services.flatMap((service) => Object.entries(service.secrets ?? {}));
  const locations = await Promise.all(
    ['a', 'b'].map(async (id) => {
      await mkdir(path.join(folder, id));
      return { id, region: 'test', driver: 'directory', path: path.join(folder, id) };
    }),
  );
  const databases = services.map(({ name }) => [
    `HEIRLOOM_${name.replaceAll('-', '_').toUpperCase()}_DATABASE_URL`,
    databaseUrl,
  ]);
  return {
    HEIRLOOM_PORT: '0',
    HEIRLOOM_LOG_LEVEL: 'fatal',
    HEIRLOOM_JOBS: 'postgres',
    HEIRLOOM_JOBS_DATABASE_URL: databaseUrl,
    HEIRLOOM_REGISTRATION: 'invitation',
    HEIRLOOM_INVITATION_CODES: ['the-code', 'another-code', 'third-code', ...furtherCodes].join(),
    HEIRLOOM_LOCATIONS: JSON.stringify(locations),
    ...(Object.fromEntries(databases) as Record<string, string>),
    ...Object.fromEntries(secrets.map(([name, make]) => [name, make()])),
  };
}

/** A person with one device, which keeps everything in memory. */
export class Dweller {
  readonly profile = new MemoryProfile();
  readonly index = new MemoryIndex();
  readonly log = new MemoryLog();
  readonly told: string[] = [];
  readonly news: FamilyNews[] = [];
  vault!: Vault;

  constructor(
    readonly home: RealHome,
    readonly name: string,
  ) {}

  get email(): string {
    return `${this.name.toLowerCase().replaceAll(' ', '.')}@example.org`;
  }

  get signIn() {
    const { email, name } = this;
    return { server: this.home.url, email, name, password: `password of ${name}`, deviceName: 'laptop' };
  }

  get stores() {
    const tell: TellNews = (sentence, news) => {
      this.told.push(sentence);
      this.news.push(news);
    };
    return { log: this.log, index: this.index, tell };
  }

  get id() {
    return this.vault.account.profile.accountId;
  }

  /** As a new run of the program does. */
  async open(): Promise<Vault> {
    this.vault = await Vault.open(await openAccount(this.profile), this.stores);
    await this.vault.syncAlbums();
    return this.vault;
  }

  async invite(options: InviteOptions = {}): Promise<string> {
    return (await invitePerson(this.vault, options)).link;
  }

  /** Joins with a new account. */
  async accept(link: string): Promise<this> {
    const invitation = await readInvitation(decodeInviteLink(link));
    await signUp(this.profile, { ...this.signIn, familyInvite: invitation.admission });
    this.vault = await Vault.join(await openAccount(this.profile), this.stores, invitation);
    await this.vault.syncAlbums();
    return this;
  }

  /** Invites somebody and lets them join. */
  async bring(name: string, options: InviteOptions = {}): Promise<Dweller> {
    return await new Dweller(this.home, name).accept(await this.invite(options));
  }

  /** Stores a file of random bytes in the person's library. */
  async store(name: string): Promise<{ photo: IndexedPhoto; bytes: Uint8Array }> {
    const bytes = new Uint8Array(randomBytes(3000));
    const digest = await digestSource(bytes);
    const { size, sha256 } = digest;
    const { outcome } = await new Uploader(this.vault, { journal: new MemoryJournal() }).send({
      digest,
      async *original() {
        await Promise.resolve();
        yield bytes;
      },
      describe: () =>
        Promise.resolve({ metadata: { name, mediaType: 'application/octet-stream', size, sha256 } }),
    });
    const settled = await outcome;
    if (settled.status === 'failed') throw settled.error;
    return { photo: settled.photo, bytes };
  }

  /** The photos of an album, by name, with their originals or what is wrong with them. */
  async get(album: string): Promise<Record<string, Uint8Array | string>> {
    const vault = await this.open();
    const index = await vault.syncAlbum(await vault.albums.named(album));
    const found: Record<string, Uint8Array | string> = {};
    for (const photo of await index.all()) {
      if (!photo.metadata) found[photo.photo] = photo.problem ?? '';
      else found[photo.metadata.name] = await whole(downloadOriginal(vault, photo));
    }
    return found;
  }
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
