import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the real server would say, for a lie to begin with. JSON as it goes over the wire. */
export interface Truth {
  answer: unknown;
  body: unknown;
  url: URL;
  /** Asks the real server something else in the name of the same client. */
  ask(target: string, body?: unknown): Promise<unknown>;
}
/** Makes the answer that the client gets. */
export type Lie = (truth: Truth) => Promise<unknown>;

interface Told {
  route: RegExp;
  lie: Lie;
  times: number;
}

/**
 * Stands between clients and the real server. It passes everything on as it is, except what it is told to lie about:
 * those answers a dishonest server would give, which has the installation's own keys and all that clients send it.
 */
export class LyingServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: string;
  #lies: Told[] = [];
  /** What went wrong while it lied; a lie must not fail unseen. */
  #fault: unknown;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming, response).catch((error: unknown) => {
        this.#fault ??= error;
        incoming.socket.destroy();
      });
    });
  }

  /** @param target origin of the real server */
  static async start(target: string): Promise<LyingServer> {
    const one = new LyingServer(target);
    await new Promise<void>((resolve) => one.#server.listen(0, '127.0.0.1', resolve));
    return one;
  }

  /** What clients are given as --server. */
  get address(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Lies about some routes while the work goes on.
   * @param lies by method and path, as in `GET /api/family/log`; `*` stands for one segment.
   * @throws when a route was never asked for, so that nothing was proven, or when a lie could not be made.
   */
  async while<T>(lies: Readonly<Record<string, Lie>>, work: () => Promise<T>): Promise<T> {
    this.#fault = undefined;
    this.#lies = Object.entries(lies).map(([route, lie]) => ({ route: pattern(route), lie, times: 0 }));
    const told = this.#lies;
    try {
      const result = await work();
      if (this.#fault) throw new Error('a lie could not be told', { cause: this.#fault });
      const silent = told.find(({ times }) => times === 0);
      if (silent) throw new Error(`nobody asked for ${silent.route.source}`);
      return result;
    } finally {
      this.#lies = [];
    }
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.#target);
    const told = this.#lies.find(({ route }) => route.test(`${incoming.method} ${url.pathname}`));
    if (!told) return this.#pass(incoming, response, url);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks).toString();
    const body = sent === '' ? undefined : (JSON.parse(sent) as unknown);
    const ask = (target: string, asked?: unknown) => this.#ask(incoming, target, asked);
    const answer = await ask(`${url.pathname}${url.search}`, body);
    const lie = JSON.stringify(await told.lie({ answer, body, url, ask }));
    told.times += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(lie);
  }

  async #ask(incoming: IncomingMessage, target: string, body: unknown): Promise<unknown> {
    const { authorization } = incoming.headers;
    const answer = await fetch(new URL(target, this.#target), {
      method: incoming.method ?? 'GET',
      headers: {
        ...(authorization ? { authorization } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${target} answered ${answer.status}: ${await answer.text()}`);
    return await answer.json();
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const headers = { ...incoming.headers, host: url.host };
    await new Promise<void>((resolve, reject) => {
      const outgoing = request(url, { method: incoming.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response).once('close', resolve);
      });
      outgoing.once('error', reject);
      incoming.pipe(outgoing);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const pattern = (route: string): RegExp => new RegExp(`^${route.replaceAll('*', '[^/]+')}$`);
