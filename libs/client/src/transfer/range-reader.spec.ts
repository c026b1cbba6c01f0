import { randomBytes } from 'node:crypto';
import { newId, vaultRoutes, type VersionId } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { Http } from '../http/http.ts';
import { localServer, refuse, type Handler } from '../testing/local-server.spec-helper.ts';
import { readRange } from './range-reader.ts';

const tokens = { accessToken: () => Promise.resolve('token'), expired: () => undefined };
const params = { versionId: newId<VersionId>() };
const patience = { totalMs: 2000, firstWaitMs: 1, longestWaitMs: 5 };

const rangeOf = (header: string | undefined) => {
  const match = /^bytes=(\d+)-(\d+)$/.exec(header ?? '');
  return { from: Number(match?.[1]), last: Number(match?.[2]) };
};

async function readThrough(handler: Handler, range: { from: number; to: number }): Promise<Buffer> {
  await using server = await localServer(handler);
  const pieces: Uint8Array[] = [];
  for await (const piece of readRange(
    new Http(server.origin, tokens),
    vaultRoutes.readObject,
    params,
    range,
    { patience },
  ))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('readRange', () => {
  const whole = randomBytes(300_000);

  it('goes on where the connection broke, as often as it breaks', async () => {
    const starts: number[] = [];
    const got = await readThrough(
      (request, response) => {
        const { from, last } = rangeOf(request.headers.range);
        starts.push(from);
        if (starts.length === 3) return refuse(response, 'unavailable');
        response.writeHead(206, {
          'content-range': `bytes ${from}-${last}/${whole.length}`,
          'content-length': last + 1 - from,
        });
        response.write(whole.subarray(from, Math.min(last + 1, from + 70_000)), () => {
          if (from + 70_000 > last) response.end();
          else setTimeout(() => response.destroy(), 30);
        });
      },
      { from: 1000, to: 290_001 },
    );
    expect(got.equals(whole.subarray(1000, 290_001))).toBe(true);
    expect(starts.length).toBeGreaterThan(4);
  });

  it('refuses another part than it asked for, and more than it asked for', async () => {
    const other: Handler = (_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 5-9/100', 'content-length': 5 }).end('56789');
    };
    await expect(readThrough(other, { from: 0, to: 5 })).rejects.toMatchObject({ code: 'damaged' });
    const more: Handler = (_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-9/100', 'content-length': 10 }).end('0123456789');
    };
    await expect(readThrough(more, { from: 0, to: 5 })).rejects.toMatchObject({ code: 'damaged' });
  });

  it('takes a whole answer only for the whole', async () => {
    const all: Handler = (_, response) => void response.writeHead(200, { 'content-length': 5 }).end('01234');
    await expect(readThrough(all, { from: 0, to: 5 })).resolves.toEqual(Buffer.from('01234'));
    await expect(readThrough(all, { from: 1, to: 5 })).rejects.toMatchObject({ code: 'damaged' });
  });
});
