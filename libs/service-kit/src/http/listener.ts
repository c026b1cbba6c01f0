import { AppError, errorCodes, problemContentType, type RouteContract } from '@heirloom/contracts';
import { fastify, type FastifyInstance } from 'fastify';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Log } from '../logging/logger.ts';
import { answerProblem } from './problem-filter.ts';
import { cameByStaffSide, isStaffPage, markStaffSide } from './staff-side.ts';
import { requestIdOf, prepareReply } from './service-server.ts';
import { secureContext, tlsServerOptions, type TlsCertificate } from './tls.ts';

export interface Mount {
  /** For example `/api/vault`. */
  readonly prefix: string;
  readonly fastify: FastifyInstance;
}

/** Nothing came or went on a connection for this long. Uploads and downloads may take days as long as bytes move. */
const idleMs = 120_000;
const headersMs = 30_000;
const keepAliveMs = 72_000;
const strictTransport = 'max-age=31536000';

/**
 * The one listener of a process. It hands requests to the service that owns their prefix, and what belongs to none of
 * them (health, pages) to a Fastify of its own.
 */
export class Listener {
  readonly root: FastifyInstance;
  /** That for everybody, then that for staff where they have one. */
  readonly #servers: Server[] = [];
  #handler!: RequestListener;
  #draining = false;
  readonly #active = new Set<ServerResponse>();

  constructor(
    private readonly mounts: readonly Mount[],
    routes: readonly RouteContract[],
    log: Log,
    private tls?: TlsCertificate,
    /** Staff have a listener of their own: their pages are answered nowhere else. */
    private readonly isStaffApart = false,
  ) {
    this.root = fastify({
      genReqId: requestIdOf,
      logger: false,
      serverFactory: (handler) => {
        this.#handler = handler;
        return this.#createServer(false);
      },
      frameworkErrors: (error, request, reply) => {
        prepareReply(request, reply);
        answerProblem(error, request, reply, routes, log);
      },
    });
    this.root.addHook('onRequest', async (request, reply) => {
      prepareReply(request, reply);
      if (!this.isStaffApart || cameByStaffSide(request.raw)) return;
      if (isStaffPage(request.url) || isStaffPage(request.routeOptions.url)) throw new AppError('not-found');
    });
    this.root.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, routes, log));
    this.root.setNotFoundHandler((request, reply) =>
      answerProblem(new AppError('not-found'), request, reply, routes, log),
    );
  }

  /** Answers the port. */
  async listen(host: string, port: number): Promise<number> {
    await this.root.listen({ host, port });
    return (this.#servers[0]!.address() as AddressInfo).port;
  }

  /** The same for staff, at an address of their own. */
  async listenForStaff(host: string, port: number): Promise<number> {
    const server = this.#createServer(true);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  /** Shows another certificate to those who connect from now on. For a listener that has one. */
  renewCertificate(certificate: TlsCertificate): void {
    for (const server of this.#servers) (server as TlsServer).setSecureContext(secureContext(certificate));
    this.tls = certificate;
  }

  /** Accepts nothing new and lets what is being served finish, for `boundMs` at most; what is left then is cut off. */
  async drain(boundMs: number): Promise<void> {
    this.#draining = true;
    for (const response of this.#active) if (!response.headersSent) response.setHeader('connection', 'close');
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const server of this.#servers) server.closeIdleConnections();
    const bound = setTimeout(() => {
      for (const server of this.#servers) server.closeAllConnections();
    }, boundMs);
    await Promise.all(closed);
    clearTimeout(bound);
    await this.root.close();
  }

  #createServer(isForStaff: boolean): Server {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      if (this.#draining) return refuseWhileDraining(response);
      if (isForStaff) markStaffSide(request);
      if (this.tls?.isPublic) response.setHeader('strict-transport-security', strictTransport);
      this.#active.add(response);
      response.once('close', () => {
        this.#active.delete(response);
        // An answer that had begun before could not say that its connection ends with it.
        if (this.#draining) setImmediate(() => server.closeIdleConnections());
      });
      const path = request.url?.split('?', 1)[0] ?? '';
      const mount = this.mounts.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
      if (mount) mount.fastify.routing(request, response);
      else this.#handler(request, response);
    };
    const times = { headersTimeout: headersMs, requestTimeout: 0, keepAliveTimeout: keepAliveMs };
    const server = this.tls
      ? createTlsServer({ ...times, ...tlsServerOptions(this.tls) }, serve)
      : createServer(times, serve);
    server.setTimeout(idleMs);
    server.on('clientError', answerClientError);
    this.#servers.push(server);
    return server;
  }
}

function refuseWhileDraining(response: ServerResponse): void {
  const [status] = errorCodes.unavailable;
  response.writeHead(status, { 'content-type': problemContentType, connection: 'close', 'retry-after': '1' });
  response.end(JSON.stringify(new AppError('unavailable').toProblem()));
}

/** What came is not HTTP, or its headers are too large or too slow. There is no request to answer, only a socket. */
function answerClientError(_error: Error, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(new AppError('bad-request').toProblem());
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: ${problemContentType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
