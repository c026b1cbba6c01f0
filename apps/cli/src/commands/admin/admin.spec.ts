import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHome, type Home } from '@heirloom/home';
import { main } from '../../cli.ts';

let folder: string;
let home: Home;
let setupToken: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'heirloom-admin-'));
  const data = path.join(folder, 'data');
  home = await startHome({ HEIRLOOM_DATA: data, HEIRLOOM_PORT: '0', HEIRLOOM_LOG_LEVEL: 'fatal' });
  setupToken = (await readFile(path.join(data, 'operator-setup-token'), 'utf8')).trim();
});
afterAll(async () => {
  await home?.close();
  await rm(folder, { recursive: true, force: true });
});

const profile = () => path.join(folder, 'profile');
const password = 'password of the operator';
const email = 'operator@example.org';

/** Runs the program on one profile folder, as a person without a prompt does. */
async function heirloom(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(
    args,
    { HEIRLOOM_HOME: profile(), HEIRLOOM_PASSWORD: password },
    {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      isWatched: false,
      isAsked: false,
      ask: () => Promise.reject(new Error('nobody is there')),
      askSecret: () => Promise.reject(new Error('nobody is there')),
      signal: new AbortController().signal,
    },
  );
  return { code, out: out.join('\n'), err: err.join('\n') };
}
const json = async (...args: string[]) => {
  const { code, out } = await heirloom(...args, '--json');
  return { code, document: JSON.parse(out) as unknown };
};
const server = () => ['--server', home.address, '--email', email];

/** Of the person who is signed in: it is set, seen, held, and taken back. */
async function quotaHolds(): Promise<void> {
  const photos = path.join(folder, 'photos');
  await mkdir(photos);
  await writeFile(path.join(photos, 'large.jpg'), randomBytes(300_000));
  expect((await heirloom('usage')).out).toBe('0 photos: 0 B');
  const id = await ownAccountId();
  expect(await json('admin', 'quota', 'account', id, '200KiB')).toEqual({
    code: 0,
    document: { id, bytes: 204_800, isDefault: false },
  });
  expect((await json('usage')).document).toMatchObject({ photos: 0, bytes: 0, quota: 204_800, family: null });
  const refused = await heirloom('backup', photos);
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain('Your storage is full: 0 B of 200.0 KiB are taken, and this needs 29');
  expect((await heirloom('usage')).out).toBe('0 photos: 0 B of 200.0 KiB');
  expect((await heirloom('admin', 'quota', 'account', id, 'default')).out).toBe(
    `${id} may keep as much as there is room, as everybody.`,
  );
  expect(await heirloom('backup', photos)).toMatchObject({ code: 0 });
  expect((await heirloom('usage')).out).toMatch(/^1 photo: 29\d\.\d KiB$/);
  expect((await heirloom('admin', 'quota', 'account', id, '5 potatoes')).err).toContain('such as 50GiB');
  expect((await heirloom('admin', 'quota', 'family', 'x', '5GiB')).err).toBe(
    '"x" is not the id of a family.',
  );
}

async function ownAccountId(): Promise<string> {
  const { document } = await json('family', 'ls');
  return (document as { members: { id: string }[] }).members[0]!.id;
}

describe('heirloom admin', () => {
  it('asks to sign in first', async () => {
    for (const command of [['operators'], ['logout']])
      expect(await heirloom('admin', ...command)).toMatchObject({
        code: 1,
        err: 'No operator is signed in here. Begin with "heirloom admin setup" or "heirloom admin login".',
      });
  });

  it('setup refuses a token that is not the right one, with a sentence', async () => {
    expect(await heirloom('admin', 'setup', ...server(), '--token', 'not-the-token')).toEqual({
      code: 1,
      out: '',
      err: 'This is no token of this server. Its first start printed one; operators invite others by new ones.',
    });
  });

  it('setup makes the operator and signs in, once', async () => {
    const made = await json('admin', 'setup', ...server(), '--token', setupToken);
    expect(made).toEqual({
      code: 0,
      document: {
        server: home.address,
        operator: { id: expect.any(String), email },
        device: { id: expect.any(String) },
      },
    });
    expect((await stat(path.join(profile(), 'operator/operator.json'))).mode & 0o777).toBe(0o600);
    const again = await heirloom('admin', 'setup', ...server(), '--token', setupToken);
    expect(again.err).toContain('The operator operator@example.org is signed in with this profile.');
    expect((await json('admin', 'operators')).document).toMatchObject({ operators: [{ email, you: true }] });
  });

  it('locations lists them with their copies', async () => {
    const { code, document } = await json('admin', 'locations');
    expect(code).toBe(0);
    const { locations } = document as { locations: object[] };
    expect(locations).toHaveLength(3);
    expect(locations[0]).toMatchObject({
      id: 'first',
      region: 'home',
      driver: 'directory',
      state: 'writable',
      problem: null,
      copies: { present: 0, damaged: 0, missing: 0, wanted: 0 },
    });
    expect((await heirloom('admin', 'locations')).out).toMatch(/^second +home +directory +writable +0 /m);
  });

  it('scrub reads every copy, tells what it found, and leaves alone what is not its own', async () => {
    expect((await heirloom('admin', 'scrub', 'status')).out).toContain('There has been no scrub yet.');
    expect((await json('admin', 'scrub', 'status')).document).toEqual({ scrubs: [] });
    expect((await heirloom('admin', 'findings')).out).toBe('Nothing was found to be wrong.');
    const stranger = path.join(folder, 'data/locations/second/objects/holiday.jpg');
    await writeFile(stranger, 'not ours');
    await utimes(stranger, new Date('2026-01-01'), new Date('2026-01-01'));
    const { code, document } = await json('admin', 'scrub', 'start', '--wait');
    expect(code).toBe(0);
    const { scrub } = document as { scrub: { id: string; slices: number } };
    expect(scrub).toMatchObject({ state: 'complete', cause: 'operator', findings: { reported: 1 } });
    expect(scrub).toMatchObject({ slicesDone: scrub.slices, slicesFailed: 0 });
    expect((await heirloom('admin', 'scrub', 'status')).out.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^Scrub ${scrub.id}, begun .*, ended .*\\.$`)),
      'Complete: 0 copies (0 B) read.',
      'Found: 1 unknown and left alone.',
    ]);
    const found = {
      kind: 'unknown',
      state: 'reported',
      locationId: 'second',
      path: 'holiday.jpg',
      object: null,
    };
    for (const args of [[], ['--scrub', scrub.id], ['--newest', '1']])
      expect((await json('admin', 'findings', ...args)).document).toMatchObject({ findings: [found] });
    expect((await heirloom('admin', 'findings')).out).toMatch(/second +unknown +reported +holiday\.jpg$/m);
    expect(await heirloom('admin', 'findings', '--scrub', 'x')).toMatchObject({
      code: 1,
      err: '"x" is not the id of a scrub. "heirloom admin scrub status" shows one.',
    });
    expect(await heirloom('admin', 'findings', '--newest', '0')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('It must be a whole number from 1 on.'),
    });
  });

  it('keeps a person’s profile beside the operator’s, under one address', async () => {
    expect(await heirloom('signup', ...server(), '--name', 'Ada')).toMatchObject({ code: 0 });
    expect(await heirloom('devices', 'ls')).toMatchObject({ code: 0 });
    await quotaHolds();
    expect(await heirloom('admin', 'operators')).toMatchObject({ code: 0 });
    expect(await heirloom('logout')).toMatchObject({ code: 0 });
    expect((await heirloom('admin', 'operators')).out).toMatch(/operator@example\.org .* you/);
  });

  it('logout signs out for good, and login in again', async () => {
    const kept = await readFile(path.join(profile(), 'operator/operator.json'));
    expect(await json('admin', 'logout')).toEqual({
      code: 0,
      document: { signedOut: true, serverTold: true },
    });
    expect(await heirloom('admin', 'operators')).toMatchObject({ code: 1 });
    await writeFile(path.join(profile(), 'operator/operator.json'), kept);
    expect((await heirloom('admin', 'operators')).err).toContain('This device was signed out.');
    expect(await heirloom('admin', 'logout')).toMatchObject({ code: 0 });
    expect(await heirloom('admin', 'login', ...server())).toMatchObject({ code: 0 });
    expect(await heirloom('admin', 'operators')).toMatchObject({ code: 0 });
  });

  it('setup on another profile is refused a token that was used', async () => {
    await heirloom('admin', 'logout');
    expect(await json('admin', 'setup', ...server(), '--token', setupToken)).toEqual({
      code: 1,
      document: {
        error: {
          code: 'setup-token-used',
          message: 'This token has been used already: it makes one account. Sign in with that one.',
        },
      },
    });
  });

  it('logout clears a profile that cannot be read', async () => {
    await heirloom('admin', 'login', ...server());
    await writeFile(path.join(profile(), 'operator/operator.json'), '{');
    expect(await heirloom('admin', 'operators')).toMatchObject({ code: 1 });
    expect(await heirloom('admin', 'logout')).toMatchObject({ code: 1 });
    expect(await heirloom('admin', 'login', ...server())).toMatchObject({ code: 0 });
  });
});
