import { authRoutes, AppError, newId, type DeviceId } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { answerJson, bodyOf, localServer, refuse } from '../testing/local-server.spec-helper.ts';
import { Http, type TokenSource } from './http.ts';
import { noPatience } from './retry.ts';

const info = { name: 'heirloom', version: '1.2.3', registration: 'open' };

class Tokens implements TokenSource {
  readonly given = ['first', 'second'];
  accessToken = () => Promise.resolve(this.given[0] ?? 'none');
  expired = (token: string) => {
    if (this.given[0] === token) this.given.shift();
  };
}

describe('Http', () => {
  it('fills the path, sends and reads by the contract', async () => {
    const deviceId = newId<DeviceId>();
    const seen: unknown[] = [];
    await using server = await localServer(async (request, response) => {
      seen.push(request.method, request.url, JSON.parse((await bodyOf(request)).toString()));
      response.writeHead(204).end();
    });
    const http = new Http(server.origin, new Tokens());
    const sealedName = new Uint8Array(28).fill(255);
    await http.call(authRoutes.renameDevice, { params: { deviceId }, body: { sealedName } });
    expect(seen).toEqual([
      'PATCH',
      `/api/auth/devices/${deviceId}`,
      { sealedName: Buffer.from(sealedName).toString('base64url') },
    ]);
  });

  it('repeats what fails in passing, and waits as long as the server asks', async () => {
    let calls = 0;
    const times: number[] = [];
    await using server = await localServer((_, response) => {
      times.push(performance.now());
      calls += 1;
      if (calls === 1) refuse(response, 'unavailable', { 'retry-after': '1' });
      else if (calls === 2) response.destroy();
      else answerJson(response, info);
    });
    await expect(new Http(server.origin).call(authRoutes.info, {})).resolves.toEqual(info);
    expect(calls).toBe(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });

  it('does not repeat what was refused for good, nor what it must not repeat', async () => {
    let calls = 0;
    await using server = await localServer((request, response) => {
      calls += 1;
      refuse(response, request.url === '/api/auth/info' ? 'forbidden' : 'unavailable');
    });
    const http = new Http(server.origin, new Tokens());
    await expect(http.call(authRoutes.info, {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(http.call(authRoutes.devices, {}, { patience: noPatience })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(calls).toBe(2);
  });

  it('names the server that cannot be reached', async () => {
    const gone = await localServer(() => undefined);
    await gone[Symbol.asyncDispose]();
    const call = new Http(gone.origin).call(authRoutes.info, {}, { patience: noPatience });
    await expect(call).rejects.toMatchObject({ code: 'unavailable' });
    await expect(call).rejects.toThrow(gone.origin);
  });

  it.each(['token-expired', 'token-invalid'] as const)(
    'fetches a new token when the old one is %s',
    async (code) => {
      const tokens = new Tokens();
      await using server = await localServer((request, response) => {
        if (request.headers.authorization === 'Bearer first') refuse(response, code);
        else answerJson(response, { devices: [] });
      });
      await expect(new Http(server.origin, tokens).call(authRoutes.devices, {})).resolves.toEqual({
        devices: [],
      });
    },
  );

  it('refuses answers that are not of the contract', async () => {
    await using server = await localServer((_, response) => answerJson(response, { name: 'something else' }));
    await expect(new Http(server.origin).call(authRoutes.info, {})).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('does not follow a redirect with its token', async () => {
    await using server = await localServer((_, response) => {
      response.writeHead(302, { location: 'https://example.org/' }).end();
    });
    await expect(new Http(server.origin).call(authRoutes.info, {})).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  it('understands what a proxy answers in front of the server', async () => {
    await using server = await localServer((_, response) => {
      response.writeHead(413, { 'content-type': 'text/html' }).end('<h1>Too large</h1>');
    });
    await expect(new Http(server.origin).call(authRoutes.info, {})).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  it('stops when it is told to', async () => {
    await using server = await localServer(() => undefined);
    const stop = new AbortController();
    const call = new Http(server.origin).call(authRoutes.info, {}, { signal: stop.signal });
    const reason = new AppError('locked');
    setTimeout(() => stop.abort(reason), 20);
    await expect(call).rejects.toBe(reason);
  });

  it('says so when the server takes too long', async () => {
    await using server = await localServer(() => undefined);
    await expect(
      new Http(server.origin).call(authRoutes.info, {}, { timeoutMs: 30, patience: noPatience }),
    ).rejects.toMatchObject({ code: 'timeout' });
  });
});
