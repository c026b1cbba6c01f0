import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '@heirloom/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from './cli.ts';
import type { Environment } from './environment.ts';

let home = '';
beforeEach(async () => (home = await mkdtemp(path.join(tmpdir(), 'heirloom-cli-'))));
afterEach(() => rm(home, { recursive: true, force: true }));

async function run(argv: string[], env: Environment = {}, signal = new AbortController().signal) {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await main(
    argv,
    { HEIRLOOM_HOME: path.join(home, 'profile'), ...env },
    {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      isWatched: false,
      isAsked: false,
      ask: () => Promise.reject(new AppError('bad-request', { detail: 'Nobody can be asked.' })),
      askSecret: () => Promise.reject(new AppError('bad-request', { detail: 'Nobody can be asked.' })),
      signal,
    },
  );
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

const commands = [
  ['logout'],
  ['passwd'],
  ['recovery-key'],
  ['recovery-key', 'confirm'],
  ['devices', 'ls'],
  ['devices', 'revoke', '01a2'],
  ['backup', '.'],
  ['ls'],
  ['get', '--all', '--to', '.'],
  ['album', 'ls'],
  ['album', 'create', 'Summer'],
  ['verify'],
  ['favourite', '01a2'],
  ['favourite', '01a2', '--off'],
  ['caption', '01a2', 'Opa'],
  ['trash', '01a2'],
  ['trash', 'ls'],
  ['trash', 'empty'],
  ['restore', '01a2'],
];
const signUp = ['signup', '--server', 'localhost:1', '--name', 'Anna', '--email', 'anna@example.org'];

describe('heirloom', () => {
  it.each(commands)('%s %s says that nobody is signed in, in one JSON document', async (...argv) => {
    const { exitCode, out } = await run([...argv.filter((one) => one !== undefined), '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toEqual({ error: { code: 'token-missing', message: expect.any(String) } });
  });

  it('writes errors for people to stderr only', async () => {
    expect(await run(['ls'])).toEqual({
      exitCode: 1,
      out: '',
      err: 'You are not signed in. Begin with "heirloom signup" or "heirloom login".',
    });
  });

  it.each([
    [['dance']],
    [[]],
    [['backup']],
    [['signup', '--server', 'localhost:1']],
    [['verify', '--sample', 'all']],
    [['ls', '--colour']],
    [['favourite']],
    [['caption', '01a2']],
  ])('does not understand %j', async (argv) => {
    const { exitCode, out, err } = await run([...argv, '--json']);
    expect(exitCode).toBe(2);
    expect(err).not.toBe('');
    expect(JSON.parse(out)).toEqual({ error: { code: 'bad-request', message: expect.any(String) } });
  });

  it.each([
    [{ HEIRLOOM_PASSWORD: 'too short' }, signUp, 'at least 10 characters'],
    [{}, signUp, 'Nobody can be asked'],
    [{ HEIRLOOM_PASSWORD: 'long enough' }, signUp, 'Cannot reach http://localhost:1'],
    [
      { HEIRLOOM_PASSWORD: 'long enough' },
      [...signUp.slice(0, -1), 'anna'],
      '"anna" is not an e-mail address',
    ],
    [
      { HEIRLOOM_PASSWORD: 'long enough' },
      ['signup', '--server', 'http://example.org', ...signUp.slice(3)],
      'not encrypted',
    ],
  ])('refuses with a sentence (%#)', async (env, argv, sentence) => {
    const { exitCode, err } = await run(argv, env);
    expect(exitCode).toBe(1);
    expect(err).toContain(sentence);
    expect(await readdir(path.join(home, 'profile')).catch(() => [])).not.toContain('keys.json');
  });

  it('says which release it is', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await run(['--version'])).toEqual({ exitCode: 0, out: version, err: '' });
  });

  it('helps on stdout', async () => {
    const { exitCode, out } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const name of [
      'signup',
      'login',
      'logout',
      'devices',
      'backup',
      'ls',
      'get',
      'album',
      'verify',
      'favourite',
      'caption',
    ])
      expect(out).toContain(name);
  });
});
