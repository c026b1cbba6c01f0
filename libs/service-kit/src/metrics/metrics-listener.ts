import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsRegistry } from './registry.ts';

const headersMs = 10_000;

/** Answers `/metrics` at an address of its own, which nobody but Prometheus needs to reach. */
export class MetricsListener {
  readonly #server: Server;

  constructor(registry: MetricsRegistry) {
    this.#server = createServer(
      { headersTimeout: headersMs, requestTimeout: headersMs },
      (request, response) => {
        const path = request.url?.split('?', 1)[0];
        if (path !== '/metrics' || request.method !== 'GET') {
          response.writeHead(path === '/metrics' ? 405 : 404).end();
          return;
        }
        registry.expose().then(
          ({ type, text }) => response.writeHead(200, { 'content-type': type }).end(text),
          () => response.writeHead(500).end(),
        );
      },
    );
  }

  /** Answers the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}
