import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, type LocationId } from '@heirloom/contracts';
import { chunked, collect, nameOf, seeded } from '../../test/bytes.ts';
import { initialiseLocation, locationConfig, openLocation, type Location } from '../index.ts';
import { writtenMarker } from '../files/marker.ts';
import { blocks, partBytes } from './blocks.ts';

/** What an endpoint is asked, and what it answers here: the test says so for each request. */
interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
type Answer = { status: number; body?: string | Buffer; headers?: Record<string, string> };

const marker: Answer = { status: 200, body: writtenMarker('cloud' as LocationId) };
const refusal = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
  headers: { 'content-type': 'application/xml' },
});
const hashOfBody = ({ body }: Asked): string => createHash('sha256').update(body).digest('hex');
const isWrong = (one: Asked): boolean => one.headers['x-amz-content-sha256'] !== hashOfBody(one);

/** What every endpoint answers, if nobody says otherwise. */
function usual(one: Asked): Answer {
  if (one.headers['x-amz-copy-source'] !== undefined)
    return {
      status: 200,
      body: '<?xml version="1.0"?><CopyObjectResult><ETag>"1"</ETag></CopyObjectResult>',
    };
  return one.method === 'PUT' && isWrong(one) && !takesWrongBodies
    ? refusal(400, 'XAmzContentSHA256Mismatch')
    : { status: 200 };
}

const photo = seeded(5000, 'sent to a bucket');
const name = nameOf(photo);

let server: Server;
let asked: Asked[];
let takesWrongBodies: boolean;
let answer: (request: Asked) => Answer | undefined;
let location: Location;
let config: ReturnType<typeof locationConfig.parse>;
// Frozen, as every configuration is.
const credentials = {
  default: Object.freeze({ accessKeyId: 'key', secretAccessKey: 'the secret key' }),
};

beforeEach(async () => {
  asked = [];
  takesWrongBodies = false;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await request.toArray());
    const one = { method: request.method!, path: request.url!, headers: request.headers, body };
    asked.push(one);
    const isMarker = one.path.startsWith('/photos/of/us/location.json') && one.method === 'GET';
    const given = answer(one) ?? (isMarker ? marker : usual(one));
    response.writeHead(given.status, given.headers).end(given.body);
  };
  server = createServer((request, response) => void serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config = locationConfig.parse({
    id: 'cloud',
    driver: 's3',
    endpoint,
    bucket: 'photos',
    prefix: 'of/us/',
    signingRegion: 'eu-central-1',
  });
  location = openLocation(config, credentials);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function problemOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error('no AppError was thrown', { cause: error });
  return { code: error.code, message: error.message };
}

describe('a request to an endpoint', () => {
  const absent = ({ method, path }: Asked) =>
    method === 'HEAD' && path.includes('/objects/') ? { status: 404 } : undefined;

  it('that carries bytes signs their own hash, which for an object is its name', async () => {
    answer = absent;
    await location.put(name, chunked(photo), photo.length);
    const sent = asked.filter(({ method, path }) => method === 'PUT' && path.includes('/objects/'));
    expect(sent).toHaveLength(1);
    const [{ path, headers, body }] = sent as [Asked];
    expect(path.split('?')[0]).toBe(`/photos/of/us/objects/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`);
    expect(headers['x-amz-content-sha256']).toBe(name);
    expect(headers['content-length']).toBe('5000');
    expect(headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-central-1\/s3\//);
    expect(headers['authorization']).toContain('x-amz-content-sha256');
    expect(body.equals(photo)).toBe(true);
    for (const one of asked.filter(({ method }) => method === 'PUT')) {
      expect(Object.keys(one.headers).filter((key) => key.includes('trailer'))).toEqual([]);
      expect(one.headers['transfer-encoding']).toBeUndefined();
    }
    // All that had a body said what it was, but for the one that tries whether a wrong body is refused.
    const wrong = asked.filter(isWrong);
    expect(wrong.map(({ path: at }) => /\/tmp\/probe-/.test(at))).toEqual([true]);
  });

  it('is read back where a wrong body is taken, and what is wrong goes to quarantine', async () => {
    let stored = false;
    takesWrongBodies = true;
    const wrong = Buffer.from(photo);
    wrong[7]! ^= 1;
    answer = ({ method, path }) => {
      if (!path.includes('/objects/')) return undefined;
      if (method === 'PUT') stored = true;
      if (method === 'HEAD')
        return stored ? { status: 200, headers: { 'content-length': '5000' } } : { status: 404 };
      return method === 'GET' ? { status: 206, body: wrong } : undefined;
    };
    const problem = await problemOf(location.put(name, chunked(photo), photo.length));
    expect(problem).toEqual({
      code: 'unavailable',
      message: 'Storage location cloud gives back other bytes than it was given.',
    });
    const copies = asked.filter(({ headers }) => headers['x-amz-copy-source'] !== undefined);
    expect(copies.map(({ path }) => path.split('?')[0])).toEqual([
      expect.stringContaining(`/photos/of/us/quarantine/${name}.`),
    ]);
    expect(
      asked.filter(({ method, path }) => method === 'DELETE' && path.includes('/objects/')),
    ).toHaveLength(1);
  });

  it('is tried three times when the endpoint fails, and not when it refuses', async () => {
    for (const [given, times] of [
      [{ status: 503 }, 3],
      [refusal(403, 'AccessDenied'), 1],
    ] as const) {
      asked = [];
      answer = ({ method }) => (method === 'HEAD' ? given : undefined);
      await problemOf(location.stat(name));
      expect(asked.filter(({ method }) => method === 'HEAD')).toHaveLength(times);
    }
  });
});

describe('what an endpoint refuses', () => {
  it.each([
    [507, 'InsufficientStorage', 'storage-full', /no room/i],
    [403, 'QuotaExceeded', 'storage-full', /no room/i],
    [403, 'AccessDenied', 'unavailable', /refuses access \(AccessDenied\)/],
    [403, 'InvalidAccessKeyId', 'unavailable', /does not know its access key/],
    [403, 'SignatureDoesNotMatch', 'unavailable', /wrong secret key/],
    [404, 'NoSuchBucket', 'unavailable', /does not find its bucket/],
    [400, 'XAmzContentSHA256Mismatch', 'unavailable', /XAmz|HTTP 400/],
    [503, 'SlowDown', 'unavailable', /SlowDown/],
  ])('%d %s is %s', async (status, code, expected, message) => {
    answer = ({ method, path }) => {
      if (method === 'HEAD' && path.includes('/objects/')) return { status: 404 };
      return method === 'PUT' && path.includes('/objects/') ? refusal(status, code) : undefined;
    };
    const problem = await problemOf(location.put(name, chunked(photo), photo.length));
    expect(problem.code).toBe(expected);
    if (expected === 'unavailable') expect(problem.message).toMatch(message);
    expect(problem.message).not.toContain('the secret key');
  });

  it('an answer that is no S3 at all is unavailable', async () => {
    answer = () => ({ status: 200, body: '<html>Please sign in to the Wi-Fi</html>' });
    expect(await problemOf(location.list({ limit: 5 }))).toMatchObject({ code: 'unavailable' });
  });

  it('a health check says so and does not throw', async () => {
    answer = ({ method }) => (method === 'PUT' ? refusal(403, 'AccessDenied') : undefined);
    expect(await location.probe()).toMatchObject({
      readable: true,
      writable: false,
      problem: { code: 'unavailable' },
    });
    server.closeAllConnections();
    server.close();
    const gone = await openLocation(config, credentials).probe();
    expect(gone).toMatchObject({ readable: false, writable: false });
    expect(gone.problem!.message).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  });
});

describe('a bucket that is not ours', () => {
  it('is unavailable, with a sentence that says what is wrong', async () => {
    answer = ({ path }) => (path.includes('location.json') ? refusal(404, 'NoSuchKey') : undefined);
    expect((await problemOf(location.stat(name))).message).toMatch(/has no location.json in its bucket/);
    answer = ({ path }) =>
      path.includes('location.json')
        ? { status: 200, body: writtenMarker('other' as LocationId) }
        : undefined;
    expect((await problemOf(location.stat(name))).message).toMatch(/belongs to location other/);
  });

  it('is not set up while something is in it', async () => {
    answer = ({ method, path }) => {
      if (path.includes('location.json')) return { status: 404 };
      const key = '<Contents><Key>of/us/holiday.jpg</Key><Size>5</Size></Contents>';
      return method === 'GET'
        ? { status: 200, body: `<?xml version="1.0"?><ListBucketResult>${key}</ListBucketResult>` }
        : undefined;
    };
    const problem = await problemOf(initialiseLocation(config, credentials));
    expect(problem.message).toMatch(/its bucket is not empty below its prefix/);
    expect(asked.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('an object is not called missing because its bucket was emptied', async () => {
    answer = ({ method, path }) => {
      if (method === 'HEAD' && path.includes('/objects/')) return { status: 404 };
      return path.includes('location.json') && asked.length > 1 ? refusal(404, 'NoSuchKey') : undefined;
    };
    expect(await problemOf(location.stat(name))).toMatchObject({ code: 'unavailable' });
  });
});

describe('blocks', () => {
  async function* cut() {
    yield photo;
    throw new Error('cut');
  }

  it('hold all bytes, each block but the last full', async () => {
    const bytes = seeded(2 * partBytes + 3, 'blocks');
    const sizes: number[] = [];
    async function* counted() {
      async function* chunks() {
        for (let i = 0; i < bytes.length; i += 999_983) yield bytes.subarray(i, i + 999_983);
      }
      for await (const block of blocks(chunks())) {
        sizes.push(block.length);
        yield block;
      }
    }
    expect(nameOf(await collect(counted()))).toBe(nameOf(bytes));
    expect(sizes).toEqual([partBytes, partBytes, 3]);
  });

  it('come before the error of a source that breaks off', async () => {
    const seen: Uint8Array[] = [];
    await expect(async () => {
      for await (const block of blocks(cut())) seen.push(block);
    }).rejects.toThrow('cut');
    expect(Buffer.concat(seen).equals(photo)).toBe(true);
  });
});
