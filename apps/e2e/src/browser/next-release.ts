import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const place = /"release":"([0-9a-f]{16})"/;
const next = '0123456789abcdef';

/** Stands before a system, and has a newer release of its web pages when it is told to: the same files by another name. */
export class NextRelease implements AsyncDisposable {
  readonly cacheName = `heirloom-release-${next}`;
  readonly #server: Server;
  #isNext = false;

  private constructor(target: string) {
    this.#server = createServer((incoming, response) => {
      const url = new URL(incoming.url ?? '/', target);
      if (this.#isNext && url.pathname === '/service-worker.js') {
        void fetch(url)
          .then(async (answer) => {
            const code = (await answer.text()).replace(place, `"release":"${next}"`);
            if (!code.includes(next)) throw new Error('the service worker names no release');
            const {
              'content-encoding': _,
              'content-length': __,
              ...headers
            } = Object.fromEntries(answer.headers);
            response.writeHead(200, headers).end(code);
          })
          .catch(() => response.destroy());
        return;
      }
      const { method } = incoming;
      const headers = { ...incoming.headers, host: url.host };
      const outgoing = request(url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      outgoing.once('error', () => response.destroy());
      incoming.pipe(outgoing);
    });
  }

  /** @param target - origin of the system */
  static async start(target: string): Promise<NextRelease> {
    const one = new NextRelease(target);
    await new Promise<void>((resolve) => one.#server.listen(0, '127.0.0.1', resolve));
    return one;
  }

  get address(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on there is a newer one. */
  release(): void {
    this.#isNext = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
