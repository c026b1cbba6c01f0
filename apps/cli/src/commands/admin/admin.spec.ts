import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, newAuthenticator, readAuthenticator } from '@heirloom/client';
import { startHome, type Home } from '@heirloom/home';
import pg from 'pg';
import { main } from '../../cli.ts';
import { auditTells } from './audit.spec-helper.ts';

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
let authenticator = newAuthenticator(email).text;

/** Runs the program on one profile folder, as a person without a prompt does. */
const heirloom = (...args: string[]) => heirloomAsking(undefined, ...args);

/** The same where somebody sits at a terminal and answers what is asked, after reading what was said so far. */
async function heirloomAsking(
  answer: ((said: string, question: string) => string) | undefined,
  ...args: string[]
) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(
    args,
    {
      HEIRLOOM_HOME: profile(),
      HEIRLOOM_PASSWORD: password,
      ...(answer ? {} : { HEIRLOOM_AUTHENTICATOR: authenticator || undefined }),
    },
    {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      isWatched: answer !== undefined,
      isAsked: answer !== undefined,
      ask: (question) =>
        answer
          ? Promise.resolve(answer(err.join('\n'), question))
          : Promise.reject(new Error('nobody is there')),
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
/** Each code is good once. Nobody waits for the next one here: the server forgets the last. */
async function forgetCodes() {
  const folderOfData = path.join(folder, 'data');
  const [, , , port] = (await readFile(path.join(folderOfData, 'postgres/postmaster.pid'), 'utf8')).split(
    '\n',
  );
  const secret = await readFile(path.join(folderOfData, 'secrets/postgres-superuser'), 'utf8');
  const client = new pg.Client({
    connectionString: `postgresql://postgres:${secret.trim()}@127.0.0.1:${port}/heirloom`,
  });
  await client.connect();
  await client.query('UPDATE auth.authenticators SET last_step = 0');
  await client.end();
}
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
    for (const command of [['staff', 'list'], ['logout']])
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

  it('setup wants an authenticator where nobody can be asked, and one that is whole', async () => {
    const kept = authenticator;
    authenticator = '';
    expect((await heirloom('admin', 'setup', ...server(), '--token', setupToken)).err).toMatch(
      /HEIRLOOM_AUTHENTICATOR/,
    );
    authenticator = 'JBSWY3DPEHPK3PXP';
    expect((await heirloom('admin', 'setup', ...server(), '--token', setupToken)).err).toMatch(
      /32 characters/,
    );
    authenticator = kept;
  });

  it('setup shows an authenticator, has a code typed once more, and signs in', async () => {
    const typed: string[] = [];
    const { code, out } = await heirloomAsking(
      (said) => {
        const uri = /otpauth:\S+/.exec(said)![0];
        expect(said).toContain('\u001b[30;107m        ');
        authenticator = new URL(uri).searchParams.get('secret')!;
        expect(said).toContain(authenticator.replaceAll(/(.{4})(?=.)/g, '$1 '));
        const right = codeOf(readAuthenticator(authenticator, email)).replace(/^.../, '$& ');
        typed.push(
          ['12345', String((Number(right.replace(' ', '')) + 1) % 1e6).padStart(6, '0'), right][
            typed.length
          ]!,
        );
        return typed.at(-1)!;
      },
      ...['admin', 'setup', ...server(), '--token', setupToken, '--json'],
    );
    expect(typed).toHaveLength(3);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      server: home.address,
      operator: { id: expect.any(String), email, role: 'operator' },
      device: { id: expect.any(String) },
    });
    expect((await stat(path.join(profile(), 'operator/operator.json'))).mode & 0o777).toBe(0o600);
    const again = await heirloom('admin', 'setup', ...server(), '--token', setupToken);
    expect(again.err).toContain('The operator operator@example.org is signed in with this profile.');
    expect((await json('admin', 'staff', 'list')).document).toMatchObject({
      staff: [{ email, role: 'operator', you: true }],
    });
  });

  it('authenticator changes to another one, with a code of each', async () => {
    await forgetCodes();
    const before = authenticator;
    const codes: string[] = [];
    let next = '';
    const { code, out, err } = await heirloomAsking(
      (said, question) => {
        next = new URL(/otpauth:\S+/.exec(said)![0]).searchParams.get('secret')!;
        const present = codeOf(readAuthenticator(before, email));
        // The present one is mistyped at first; the code of the next one is as good as it was.
        const wrong = String((Number(present) + 1) % 1e6).padStart(6, '0');
        const isPresent = question.includes('until now');
        codes.push(isPresent ? 'present' : 'next');
        if (isPresent) return codes.length === 2 ? wrong : present;
        return codeOf(readAuthenticator(next, email));
      },
      ...['admin', 'authenticator'],
    );
    expect({ code, codes }).toEqual({ code: 0, codes: ['next', 'present', 'next', 'present'] });
    expect(err).toContain('This is not a code of the authenticator that you have used until now.');
    expect(out).toContain('From now on you sign in by codes of the new authenticator.');
    await forgetCodes();
    expect((await heirloom('admin', 'logout')).code).toBe(0);
    const login = ['admin', 'login', ...server()];
    expect((await heirloom(...login)).err).toContain('or the code is wrong');
    authenticator = next;
    expect((await heirloom(...login)).code).toBe(0);
    expect((await heirloom('admin', 'authenticator')).err).toContain('Set HEIRLOOM_NEW_AUTHENTICATOR to');
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
    for (const args of [[], ['--scrub', scrub.id], ['--newest', '1'], ['--state', 'reported']])
      expect((await json('admin', 'findings', ...args)).document).toMatchObject({ findings: [found] });
    expect((await heirloom('admin', 'findings')).out).toMatch(/second +unknown +reported +holiday\.jpg$/m);
    expect((await heirloom('admin', 'findings', '--state', 'unrepairable')).out).toBe(
      'No finding is unrepairable.',
    );
    expect(await heirloom('admin', 'findings', '--state', 'lost')).toMatchObject({ code: 2, out: '' });
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
    await auditTells(heirloom, folder, [email, 'Ada', password, setupToken, authenticator, 'large.jpg']);
    expect(await heirloom('admin', 'staff', 'list')).toMatchObject({ code: 0 });
    expect(await heirloom('logout')).toMatchObject({ code: 0 });
    expect((await heirloom('admin', 'staff', 'list')).out).toMatch(/operator@example\.org +operator .* you/);
  });

  it('logout signs out for good, and login in again', async () => {
    const kept = await readFile(path.join(profile(), 'operator/operator.json'));
    expect(await json('admin', 'logout')).toEqual({
      code: 0,
      document: { signedOut: true, serverTold: true },
    });
    expect(await heirloom('admin', 'staff', 'list')).toMatchObject({ code: 1 });
    await writeFile(path.join(profile(), 'operator/operator.json'), kept);
    expect((await heirloom('admin', 'staff', 'list')).err).toContain('This device was signed out.');
    expect(await heirloom('admin', 'logout')).toMatchObject({ code: 0 });
    // Whose session is over signs in again without signing out of it.
    await writeFile(path.join(profile(), 'operator/operator.json'), kept);
    await forgetCodes();
    const right = codeOf(readAuthenticator(authenticator, email));
    expect(await heirloomAsking(() => right, 'admin', 'login', ...server())).toMatchObject({ code: 0 });
    expect(await heirloom('admin', 'staff', 'list')).toMatchObject({ code: 0 });
    await heirloom('admin', 'logout');
    expect(await heirloomAsking(() => right, 'admin', 'login', ...server())).toEqual({
      code: 1,
      out: '',
      err: 'The e-mail address, the password or the code is wrong. A code is good once: wait for the next one.',
    });
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
    await forgetCodes();
    await heirloom('admin', 'login', ...server());
    await writeFile(path.join(profile(), 'operator/operator.json'), '{');
    expect(await heirloom('admin', 'staff', 'list')).toMatchObject({ code: 1 });
    expect(await heirloom('admin', 'logout')).toMatchObject({ code: 1 });
    await forgetCodes();
    expect(await heirloom('admin', 'login', ...server())).toMatchObject({ code: 0 });
  });
});
