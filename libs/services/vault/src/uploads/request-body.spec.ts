import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { discardBody, requestBody } from './request-body.ts';

const MiB = 1024 * 1024;

/** Sends a request and hands its other end to `serve`. Answers the status. */
async function exchange(
  send: (sent: ClientRequest) => void,
  serve: (request: IncomingMessage) => Promise<number>,
): Promise<number> {
  const server = createServer((received, response) => {
    void serve(received).then((status) => {
      discardBody(received);
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: '127.0.0.1', method: 'PATCH' });
  sent.on('error', () => undefined);
  send(sent);
  try {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode!;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const forever = new AbortController().signal;
const pieces = function* (count: number) {
  const piece = Buffer.alloc(MiB, 1);
  for (let i = 0; i < count; i++) yield piece;
};
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: { code?: string }) => error.code ?? 'unknown',
  );
const drain = async (body: AsyncIterable<Uint8Array>): Promise<number> => {
  let length = 0;
  for await (const chunk of body) length += chunk.length;
  return length;
};

describe('requestBody', () => {
  it('keeps nothing of what it handed out', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let keptMiB = Number.POSITIVE_INFINITY;
    const status = await exchange(
      (sent) => void Readable.from(pieces(256), { objectMode: false }).pipe(sent),
      async (received) => {
        let length = 0;
        for await (const chunk of requestBody(received, 1000 * MiB, forever)) {
          length += chunk.length;
          if (length !== 256 * MiB) continue;
          collect();
          keptMiB = process.memoryUsage().arrayBuffers / MiB;
        }
        return 204;
      },
    );
    expect(status).toBe(204);
    expect(keptMiB).toBeLessThan(128);
  });

  it('hands out no more than the limit, and the client still reads its answer', async () => {
    let length = 0;
    const status = await exchange(
      (sent) => void Readable.from(pieces(20), { objectMode: false }).pipe(sent),
      async (received) => {
        const code = await codeOf(
          (async () => {
            for await (const chunk of requestBody(received, 3 * MiB + 5, forever)) length += chunk.length;
          })(),
        );
        return code === 'too-large' ? 413 : 500;
      },
    );
    expect([status, length]).toEqual([413, 3 * MiB + 5]);
  });

  it('stops when it is told to, also while it waits', async () => {
    const stop = new AbortController();
    const status = await exchange(
      (sent) => {
        sent.setHeader('content-length', 100);
        sent.write('12345');
      },
      async (received) => {
        setTimeout(() => stop.abort(Object.assign(new Error('enough'), { code: 'enough' })), 50);
        return (await codeOf(drain(requestBody(received, 100, stop.signal)))) === 'enough' ? 423 : 500;
      },
    );
    expect(status).toBe(423);
  });

  it('says that the client has gone', async () => {
    const outcome = Promise.withResolvers<string>();
    const exchanged = exchange(
      (sent) => {
        sent.setHeader('content-length', 100);
        sent.write('12345');
        setTimeout(() => sent.destroy(), 50);
      },
      async (received) => {
        outcome.resolve(await codeOf(drain(requestBody(received, 100, forever))));
        return 500;
      },
    );
    exchanged.catch(() => undefined);
    expect(await outcome.promise).toBe('gone');
  });
});
