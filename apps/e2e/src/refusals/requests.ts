import { randomBytes, randomUUID } from 'node:crypto';
import { newId, type RouteContract } from '@heirloom/contracts';

/** What one person has, as another one might try to reach it. */
export interface Belongings {
  accountId: string;
  deviceId: string;
  familyId: string;
  libraryId: string;
  albumId: string;
  photoId: string;
  versionId: string;
  uploadId: string;
}

export interface WireRequest {
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** JSON body as it travels. */
  body?: unknown;
  /** Instead of JSON. */
  raw?: { body: Buffer; headers: Record<string, string> };
  /** What it answers with has no end: its first bytes are enough. */
  isEndless?: boolean;
}

const b64 = (length: number) => randomBytes(length).toString('base64url');
const hash = () => randomBytes(32).toString('hex');
const id = () => newId<string>();
const unlock = (kind = 'password') => ({
  unlockId: id(),
  kind,
  publicKey: b64(1216),
  identityPin: b64(32),
  signature: b64(64),
  sealedMasterKey: b64(1168),
});
const sealedEpochKey = () => ({ collectionId: id(), epoch: 1, sealedKey: b64(1168) });
const device = () => ({ deviceId: id(), publicKey: b64(32) });
const proof = () => ({ loginId: id(), finishLoginRequest: b64(64) });
const staffAct = () => ({ params: { accountId: id() }, body: { actId: id(), reason: 'a test' } });
const tus = { 'tus-resumable': '1.0.0' };

/** What every service answers about itself. There is no such job. */
const operations = Object.fromEntries(
  ['auth', 'vault', 'family', 'integrity'].flatMap((name): [string, () => WireRequest][] => [
    [`${name}.jobs.list`, () => ({})],
    [`${name}.jobs.retry`, () => ({ params: { name: 'nothing' } })],
    [`${name}.jobs.run`, () => ({ params: { name: 'nothing' } })],
    [`${name}.settings.list`, () => ({})],
  ]),
);

/**
 * One well-formed request for every route, aimed at somebody's belongings. Well-formed means that only who asks, and
 * for what, can be the reason to refuse it.
 */
export const requestFor: Record<string, (of: Belongings) => WireRequest> = {
  'auth.info': () => ({}),
  'auth.registrations.start': () => ({
    body: { accountId: id(), email: `${randomUUID()}@example.org`, registrationRequest: b64(32) },
  }),
  'auth.registrations.finish': (of) => ({
    body: {
      accountId: id(),
      email: `${randomUUID()}@example.org`,
      seedId: 'x',
      registrationRecord: b64(192),
      unlock: unlock(),
      keyring: {
        identity: {
          signPublicKey: b64(32),
          kemPublicKey: b64(1216),
          wrappedSignSeed: b64(60),
          wrappedKemSeed: b64(60),
        },
        libraries: [{ libraryId: of.libraryId, epoch: 1, wrappedKey: b64(60) }],
      },
      device: device(),
    },
  }),
  'auth.logins.start': () => ({ body: { email: `${randomUUID()}@example.org`, startLoginRequest: b64(96) } }),
  'auth.logins.finish': () => ({ body: { loginId: id(), finishLoginRequest: b64(64), device: device() } }),
  'auth.sessions.refresh': () => ({ body: { refreshToken: b64(32) } }),
  'auth.sessions.logout': () => ({}),
  'auth.account.read': () => ({}),
  'auth.devices.list': () => ({}),
  'auth.devices.rename': (of) => ({ params: { deviceId: of.deviceId }, body: { sealedName: b64(92) } }),
  'auth.devices.revoke': (of) => ({ params: { deviceId: of.deviceId } }),
  'auth.unlocks.list': () => ({}),
  'auth.unlocks.put-recovery': () => ({
    body: { proof: proof(), recovery: { unlock: unlock('recovery'), accessHash: b64(32) } },
  }),
  'auth.unlocks.confirm-recovery': () => ({ body: { unlockId: id() } }),
  'auth.password-changes.start': () => ({ body: { proof: proof(), registrationRequest: b64(32) } }),
  'auth.password-changes.finish': () => ({
    body: { ticket: b64(40), seedId: 'x', registrationRecord: b64(192), unlock: unlock() },
  }),
  'auth.recoveries.start': () => ({
    body: { email: `${randomUUID()}@example.org`, accessCode: b64(32), registrationRequest: b64(32) },
  }),
  'auth.recoveries.finish': () => ({
    body: {
      email: `${randomUUID()}@example.org`,
      accessCode: b64(32),
      seedId: 'x',
      registrationRecord: b64(192),
      unlock: unlock(),
      device: device(),
    },
  }),
  'auth.token-keys.list': () => ({}),
  'auth.operators.setup-token.check': () => ({ body: { setupToken: b64(32) } }),
  'auth.operators.registrations.start': () => ({
    body: {
      accountId: id(),
      email: `${randomUUID()}@example.org`,
      setupToken: b64(32),
      registrationRequest: b64(32),
    },
  }),
  'auth.operators.registrations.finish': () => ({
    body: {
      accountId: id(),
      email: `${randomUUID()}@example.org`,
      setupToken: b64(32),
      seedId: 'x',
      registrationRecord: b64(192),
      authenticator: { secret: b64(20), code: '123456' },
      device: device(),
    },
  }),
  'auth.operators.logins.start': () => ({
    body: { email: `${randomUUID()}@example.org`, startLoginRequest: b64(96) },
  }),
  'auth.operators.logins.finish': () => ({
    body: { loginId: id(), finishLoginRequest: b64(64), code: '123456', device: device() },
  }),
  'auth.operators.sessions.logout': () => ({}),
  'auth.staff.me': () => ({}),
  'auth.staff.authenticator.change': () => ({
    body: { code: '123456', next: { secret: b64(20), code: '123456' } },
  }),
  'auth.staff.list': () => ({}),
  'auth.staff.remove': () => ({ params: { accountId: id() } }),
  'auth.staff.invites.create': () => ({ body: { role: 'support' } }),
  'auth.staff.invites.list': () => ({}),
  'auth.staff.invites.revoke': () => ({ params: { inviteId: id() } }),
  'auth.staff.accounts.list': () => ({ query: { search: 'a@example', limit: '10' } }),
  'auth.staff.accounts.read': (of) => ({ params: { accountId: of.accountId } }),
  // Nobody's account: whoever is locked out could not be asked anything any more.
  'auth.staff.accounts.lock': () => staffAct(),
  'auth.staff.accounts.unlock': () => staffAct(),
  'auth.staff.accounts.end-sessions': () => staffAct(),
  'auth.account.acts': () => ({ query: { limit: '10' } }),
  'vault.uploads.options': () => ({}),
  'vault.uploads.create': (of) => ({
    raw: {
      body: Buffer.alloc(0),
      headers: {
        ...tus,
        'upload-length': '5',
        'upload-metadata': `id ${Buffer.from(of.uploadId).toString('base64')}`,
      },
    },
  }),
  'vault.uploads.read': (of) => ({
    params: { uploadId: of.uploadId },
    raw: { body: Buffer.alloc(0), headers: tus },
  }),
  'vault.uploads.continue': (of) => ({
    params: { uploadId: of.uploadId },
    raw: {
      body: Buffer.from('hello'),
      headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    },
  }),
  'vault.uploads.discard': (of) => ({
    params: { uploadId: of.uploadId },
    raw: { body: Buffer.alloc(0), headers: tus },
  }),
  'vault.photos.commit': (of) => ({
    body: {
      items: [
        {
          photoId: of.photoId,
          versionId: of.versionId,
          libraryId: of.libraryId,
          uploadId: of.uploadId,
          object: hash(),
        },
      ],
    },
  }),
  'vault.versions.list': (of) => ({ params: { photoId: of.photoId } }),
  'vault.objects.read': (of) => ({ params: { versionId: of.versionId } }),
  'vault.feed.read': (of) => ({ params: { collectionId: of.libraryId }, query: { limit: '10' } }),
  'vault.album-items.add': (of) => ({
    params: { albumId: of.albumId },
    body: {
      items: [
        {
          albumId: of.albumId,
          photoId: of.photoId,
          versionId: of.versionId,
          epoch: 1,
          wrappedFileKey: b64(60),
          statement: b64(200),
        },
      ],
    },
  }),
  'vault.album-items.remove': (of) => ({ params: { albumId: of.albumId, photoId: of.photoId } }),
  'vault.libraries.summary': (of) => ({ params: { libraryId: of.libraryId } }),
  'vault.locations.list': () => ({}),
  // Photos that are nowhere, so that nothing is moved from under the other requests.
  'vault.trash.add': (of) => ({ body: { libraryId: of.libraryId, photoIds: [id()] } }),
  'vault.trash.restore': (of) => ({ body: { libraryId: of.libraryId, photoIds: [id()] } }),
  'vault.trash.list': (of) => ({ query: { libraryId: of.libraryId, limit: '10' } }),
  'vault.notes.write': (of) => ({
    body: {
      libraryId: of.libraryId,
      notes: [{ photoId: of.photoId, revision: 1, expected: 0, record: b64(300) }],
    },
  }),
  'vault.trash.empty': (of) => ({ body: { libraryId: of.libraryId, photoIds: [id()] } }),
  'vault.usage.read': () => ({}),
  'vault.staff.quotas.set-account': () => ({ params: { accountId: id() }, body: { bytes: null } }),
  'vault.staff.quotas.set-family': () => ({ params: { familyId: id() }, body: { bytes: null } }),
  'vault.staff.usage.read': (of) => ({ body: { accountIds: [of.accountId], familyIds: [of.familyId] } }),
  'family.create': (of) => ({
    body: { familyId: of.familyId, libraryId: of.libraryId, entries: [b64(200)], sealedKey: b64(1168) },
  }),
  'family.read': () => ({}),
  'family.log.read': () => ({ query: { from: '0', limit: '10' } }),
  'family.log.proof': () => ({ query: { from: '1', to: '1' } }),
  'family.log.append': () => ({ body: { entries: [b64(200)] } }),
  'family.albums.create': (of) => ({
    body: { albumId: of.albumId, sealedName: b64(92), entries: [b64(200), b64(200)], sealedKey: b64(1168) },
  }),
  'family.collections.list': () => ({ query: { limit: '10' } }),
  'family.log-key.read': () => ({}),
  'family.invites.create': () => ({
    body: { inviteId: id(), accessHash: b64(32), entries: [b64(200)], sealedKeys: [sealedEpochKey()] },
  }),
  'family.invites.list': () => ({}),
  'family.invites.revoke': () => ({ params: { inviteId: id() }, body: { entries: [b64(200)] } }),
  'family.invites.open': () => ({ params: { inviteId: id() }, body: { accessCode: b64(32), from: 0 } }),
  'family.members.join': (of) => ({
    body: {
      inviteId: id(),
      accessCode: b64(32),
      libraryId: of.libraryId,
      entries: [b64(200)],
      sealedKeys: [sealedEpochKey()],
    },
  }),
  'family.albums.rename': (of) => ({
    params: { albumId: of.albumId },
    body: { sealedName: b64(92), epoch: 1 },
  }),
  'family.members.list': () => ({}),
  'family.members.name': (of) => ({
    params: { accountId: of.accountId },
    body: { sealedName: b64(92), epoch: 1 },
  }),
  'family.members.change-role': (of) => ({
    params: { accountId: of.accountId },
    body: { entries: [b64(200)] },
  }),
  'family.members.remove': (of) => ({
    params: { accountId: of.accountId },
    body: { entries: [b64(200)] },
  }),
  'family.grants.create': (of) => ({
    params: { albumId: of.albumId },
    body: { entries: [b64(200)], sealedKeys: [{ accountId: id(), sealedKey: b64(1168) }] },
  }),
  'family.grants.revoke': (of) => ({
    params: { albumId: of.albumId, accountId: of.accountId },
    body: { entries: [b64(200)] },
  }),
  'family.epochs.create': (of) => ({
    params: { collectionId: of.albumId },
    body: { epoch: 2, entries: [b64(200)], sealedKeys: [{ accountId: of.accountId, sealedKey: b64(1168) }] },
  }),
  'family.staff.families.list': () => ({ query: { limit: '10' } }),
  'family.staff.families.read': (of) => ({ params: { familyId: of.familyId } }),
  'family.staff.families.of-accounts': (of) => ({ body: { accountIds: [of.accountId] } }),
  'family.staff.invites.list': () => ({ query: { limit: '10' } }),
  'integrity.verifications.create': (of) => ({ body: { libraryId: of.libraryId, limit: 10 } }),
  'integrity.checks.read': (of) => ({ params: { libraryId: of.libraryId } }),
  'integrity.scrubs.start': () => ({ body: { scrubId: id() } }),
  'integrity.scrubs.list': () => ({ query: { limit: '10' } }),
  'integrity.scrubs.read': () => ({ params: { scrubId: id() } }),
  'integrity.findings.list': () => ({ query: { limit: '10' } }),
  'integrity.activity.list': () => ({ query: { limit: '10' } }),
  'integrity.audit.list': (of) => ({ query: { limit: '10', accountId: of.accountId } }),
  'integrity.audit.export': () => ({}),
  'integrity.audit.checks.start': () => ({ body: { checkId: id() } }),
  'integrity.audit.checks.list': () => ({ query: { limit: '10' } }),
  'integrity.overview.read': () => ({}),
  'integrity.coverage.read': () => ({}),
  'integrity.events.read': () => ({ isEndless: true }),
  ...operations,
};

export interface WireAnswer {
  status: number;
  contentType: string;
  text: string;
}

/** Sends a request as it stands, past the client library and its checks. */
export async function send(
  server: string,
  route: RouteContract,
  request: WireRequest,
  token?: string,
): Promise<WireAnswer> {
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(request.params?.[name] ?? ''),
  );
  const url = new URL(path, server);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  const json = request.body === undefined ? undefined : JSON.stringify(request.body);
  const body = request.raw?.body.length ? new Uint8Array(request.raw.body) : json;
  const answer = await fetch(url, {
    method: route.method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.raw?.headers,
    },
    ...(body === undefined || route.method === 'GET' || route.method === 'HEAD' ? {} : { body }),
  });
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type') ?? '',
    text: request.isEndless && answer.ok ? await firstOf(answer) : await answer.text(),
  };
}

async function firstOf(answer: Response): Promise<string> {
  const reader = answer.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}
