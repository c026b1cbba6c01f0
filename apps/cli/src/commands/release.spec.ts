import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../cli.ts';

const page = '<!doctype html><title>Heirloom</title>';
const script = 'console.log("ours")';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const listed = (files: Record<string, string>) =>
  Object.entries(files).map(([name, text]) => ({ path: name, sha256: sha256(text), bytes: text.length }));

let folder: string;
let server: http.Server;
let address: string;
/** What the server sends, and what it says that it sends. */
let sent: Record<string, string>;
let announced: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'heirloom-release-'));
  server = http.createServer((request, response) => {
    const url = request.url ?? '';
    if (url === '/api/release') response.end(JSON.stringify({ version: '1', files: listed(announced) }));
    else if (sent[url] === undefined) response.writeHead(404).end();
    else response.end(sent[url]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function check(trusted: Record<string, string>) {
  const list = path.join(folder, 'release.json');
  await writeFile(list, JSON.stringify({ files: listed(trusted) }));
  return await heirloom('release', 'check', '--server', address, '--against', list);
}

async function heirloom(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(
    args,
    { HEIRLOOM_HOME: path.join(folder, 'profile') },
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

describe('heirloom release check', () => {
  const good = { '/index.html': page, '/assets/a.js': script };

  it('is content with the pages of the release', async () => {
    announced = sent = good;
    const answer = await check(good);
    expect(answer).toMatchObject({ code: 0, err: '' });
    expect(answer.out).toMatch(/^2 files: each is the same as in .*release\.json\.$/);
  });

  it('names a file that is sent otherwise than announced', async () => {
    announced = good;
    sent = { ...good, '/assets/a.js': `${script};steal()` };
    const { code, out } = await check(good);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      '/assets/a.js is sent with other bytes than the server announces.',
      'These are not the web pages of the release. Do not type a password into them before you know why.',
    ]);
  });

  it('names files that the release has otherwise, has not, or has in addition', async () => {
    announced = sent = { '/index.html': `${page}<script src=/x.js></script>`, '/x.js': 'steal()' };
    const { code, out } = await check(good);
    expect(code).toBe(1);
    expect(out.split('\n').slice(0, 3)).toEqual([
      '/index.html differs from the release.',
      '/x.js is not part of the release.',
      '/assets/a.js is missing.',
    ]);
  });

  it('says so when there is nothing to check', async () => {
    announced = { '/gone.js': script };
    sent = {};
    expect((await check(good)).err).toBe(`${address}/gone.js answers 404: it serves no web pages.`);
    const list = path.join(folder, 'nonsense.json');
    await writeFile(list, '{}');
    expect((await heirloom('release', 'check', '--server', address, '--against', list)).err).toContain(
      'is not the list of a release',
    );
    expect((await heirloom('release', 'check', '--server', 'http://127.0.0.1:1')).err).toBe(
      'Cannot reach http://127.0.0.1:1. Check the address and that the server runs, then try again.',
    );
  });
});
