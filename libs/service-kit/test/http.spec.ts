import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type PhotoId } from '@heirloom/contracts';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { goodBody, HttpInstallation, problemOf, thingPath } from './http-installation.ts';

let installation: HttpInstallation;
beforeAll(async () => {
  installation = await HttpInstallation.create();
});
afterAll(() => installation[Symbol.asyncDispose]());
const call = (path: string, init?: RequestInit): Promise<Response> => installation.call(path, init);
const asPerson: HttpInstallation['asPerson'] = (...given) => installation.asPerson(...given);

describe('routes', () => {
  it('decodes the input and encodes the output', async () => {
    const person = installation.identities.person();
    const id = newId<PhotoId>();
    const headers = await asPerson(person, { 'content-type': 'application/json; charset=utf-8' });
    const response = await call(thingPath(id), { method: 'POST', headers, body: goodBody });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      photoId: id,
      limit: 3,
      doubled: 'AQIDAQID',
      accountId: person.accountId,
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('takes a harmless request id over and makes its own otherwise', async () => {
    const given = await call('/api/vault/open', { headers: { 'x-request-id': 'from-the-proxy.1' } });
    expect(await given.json()).toMatchObject({ requestId: 'from-the-proxy.1' });
    const harmful = await call('/api/vault/open', { headers: { 'x-request-id': 'a b<script>' } });
    const { requestId } = (await harmful.json()) as { requestId: string };
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(harmful.headers.get('x-request-id')).toBe(requestId);
  });

  it('names the field that is wrong and never what stood in it', async () => {
    const headers = await asPerson(undefined, { 'content-type': 'application/json' });
    const body = JSON.stringify({ data: 'AQID', when: 'much-too-long-secret' });
    const refused = await problemOf(await call(thingPath(), { method: 'POST', headers, body }));
    expect(refused.code).toBe('bad-request');
    expect(refused.detail).toContain('body.when');
    expect(JSON.stringify(refused)).not.toContain('secret');
    const query = await problemOf(
      await call(`/api/vault/things/${newId<PhotoId>()}?limit=10`, {
        method: 'POST',
        headers,
        body: goodBody,
      }),
    );
    expect(query.detail).toContain('query.limit');
    const params = await problemOf(
      await call('/api/vault/things/nonsense?limit=1', { method: 'POST', headers, body: goodBody }),
    );
    expect(params.detail).toContain('params.photoId');
  });

  it.each([
    ['malformed JSON', 'application/json', '{"data":', 'bad-request', 400],
    ['no body', 'application/json', '', 'bad-request', 400],
    ['bytes that are not UTF-8', 'application/json', Uint8Array.from([0x22, 0xff, 0x22]), 'bad-request', 400],
    ['another content type', 'text/plain', goodBody, 'media-type', 415],
    ['a content type that is none', 'nonsense', goodBody, 'media-type', 415],
    [
      'too large a body',
      'application/json',
      JSON.stringify({ data: 'A'.repeat(400), when: 'now' }),
      'too-large',
      413,
    ],
  ])('refuses %s', async (_what, type, body, code, status) => {
    const headers = await asPerson(undefined, { 'content-type': type });
    const response = await call(thingPath(), { method: 'POST', headers, body });
    expect(response.status).toBe(status);
    expect((await problemOf(response)).code).toBe(code);
  });

  /** Sends spaces without announcing how many, and answers the status, or the error of a connection that was cut. */
  const sendSpaces = async (count: number, end: boolean): Promise<unknown> => {
    const headers = await asPerson(undefined, {
      'content-type': 'application/json',
      'transfer-encoding': 'chunked',
    });
    return new Promise((resolve) => {
      const url = `${installation.running.url}${thingPath()}`;
      const sent = httpRequest(url, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        response.resume();
      });
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      for (let left = count; left > 0; left -= 65_536) sent.write(' '.repeat(Math.min(left, 65_536)));
      if (end) sent.end();
    });
  };

  it('refuses a body that grows too large without saying so beforehand', async () => {
    expect(await sendSpaces(301, true)).toBe(413);
    expect(await sendSpaces(1_000_000, true)).toBe(413);
  });

  it('does not go on reading one that does not end', async () => {
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(await sendSpaces(20 * 1024 * 1024, false));
  });

  it('answers unknown addresses and wrong methods', async () => {
    expect((await problemOf(await call('/api/vault/nothing'))).code).toBe('not-found');
    expect((await problemOf(await call('/api/integrity/nothing'))).code).toBe('not-found');
    expect((await problemOf(await call('/elsewhere'))).code).toBe('not-found');
    const wrong = await call('/api/vault/open', { method: 'PUT' });
    expect(wrong.headers.get('allow')).toBe('GET');
    expect((await problemOf(wrong)).code).toBe('method-not-allowed');
    expect((await call('/api/vault/open', { method: 'HEAD' })).status).toBe(405);
    expect((await problemOf(await call('/api/vault/%ZZ'))).code).toBe('bad-request');
  });

  it('answers what is not HTTP at all', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(installation.running.port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1.1 400 /);
  });

  it('keeps a bug to itself and logs it under the request id', async () => {
    const refused = await problemOf(await call('/api/vault/bug'));
    expect(refused.code).toBe('internal');
    expect(JSON.stringify(refused)).not.toContain('secret-of-the-stack');
    const line = installation.lines.find((text) => text.includes('secret-of-the-stack'))!;
    expect(line).toContain(refused.requestId!);
    expect(line).toContain('http-installation.ts');
  });

  it('does not send what breaks its own contract', async () => {
    expect((await problemOf(await call('/api/vault/lies'))).code).toBe('internal');
  });

  it('hands streams on untouched, whatever type they claim', async () => {
    for (const type of ['application/offset+octet-stream', 'application/json']) {
      const headers = await asPerson(undefined, { 'content-type': type });
      const response = await call('/api/vault/upload', {
        method: 'PATCH',
        headers,
        body: 'x'.repeat(100_000),
      });
      expect([response.status, response.headers.get('upload-offset')]).toEqual([204, '100000']);
    }
  });

  it('answers HEAD and OPTIONS where they are declared', async () => {
    const head = await call('/api/vault/upload', { method: 'HEAD' });
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, '7']);
    const options = await call('/api/vault/upload', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('tus-version')]).toEqual([204, '1.0.0']);
  });

  it('serves pages and health beside the services', async () => {
    expect(await (await call('/')).text()).toContain('here');
    expect(await (await call('/health/live')).json()).toEqual({ status: 'ok' });
    const ready = await call('/health/ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: 'ok',
      services: { vault: { bus: 'ok', revocations: 'ok' } },
    });
  });

  it('logs the route and nothing that a person sent', async () => {
    const token = await installation.identities.token(installation.identities.person());
    await call(`${thingPath()}&note=planted-query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ data: 'AQID', when: 'plt', more: 'planted-body' }),
    });
    const text = installation.lines.join('\n');
    expect(text).toContain('"route":"vault.thing"');
    expect(text).not.toContain('planted');
    expect(text).not.toContain(token);
  });
});
