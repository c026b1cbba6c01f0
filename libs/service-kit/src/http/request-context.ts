import type { FamilyAbility } from '@heirloom/access';
import { AppError, type Standing } from '@heirloom/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Person } from '../access/person.ts';
import type { Known, Standings } from '../access/standings.ts';

/** What a handler knows about the request it answers, besides its input. */
export interface RequestContext {
  readonly requestId: string;
  /** Who is calling. Throws AppError `token-missing` on a public route. */
  readonly person: Person;
  /** The person's access token, to be forwarded by `Bus.ask`. Throws AppError `token-missing` on a public route. */
  readonly token: string;
  /**
   * Aborts when the client has gone, when the person's device was revoked or they may do less than before, and when
   * that cannot be checked.
   */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly remoteAddress: string;
  header(name: string): string | undefined;
  /**
   * What the person may do, as facts. It may have been asked a moment before this request came: where it is not
   * `enough`, it is asked anew. Rejects with `unavailable`, `timeout` or `revocations-stale` when nobody knows.
   */
  standing(enough?: (standing: Standing) => boolean): Promise<Standing>;
  /** The same as an ability. */
  ability(enough?: (ability: FamilyAbility) => boolean): Promise<FamilyAbility>;
  /**
   * From here on the handler decides by what it reads under a lock of its own, so a lesser standing does not cut the
   * request any more: its own change may be what lessens it, and whoever leaves is told that they have left.
   */
  decideUnderLock(): void;
}

/** The context of one request, filled in as the request passes the gate. */
export class HttpContext implements RequestContext {
  #person: Person | undefined;
  #token: string | undefined;
  #decidedByStanding = false;
  readonly #abort = new AbortController();
  readonly #begunAt = performance.now();

  constructor(
    readonly request: FastifyRequest,
    readonly reply: FastifyReply,
    private readonly standings: Standings,
  ) {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished)
        this.#abort.abort(new AppError('gone', { detail: 'The client closed the connection.' }));
    });
  }

  get requestId(): string {
    return this.request.id;
  }
  get person(): Person {
    if (!this.#person) throw new AppError('token-missing');
    return this.#person;
  }
  get token(): string {
    if (!this.#token) throw new AppError('token-missing');
    return this.#token;
  }
  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  get remoteAddress(): string {
    return this.request.ip;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }
  async standing(enough: (standing: Standing) => boolean = () => true): Promise<Standing> {
    return (await this.#known(({ standing }) => enough(standing))).standing;
  }
  async ability(enough: (ability: FamilyAbility) => boolean = () => true): Promise<FamilyAbility> {
    return (await this.#known(({ ability }) => enough(ability))).ability;
  }

  decideUnderLock(): void {
    this.#abort.signal.throwIfAborted();
    this.#decidedByStanding = false;
  }

  /** Whether what the person may do was asked, and is what decides. */
  get decidedByStanding(): boolean {
    return this.#decidedByStanding;
  }

  async #known(enough: (known: Known) => boolean): Promise<Known> {
    this.#decidedByStanding = true;
    const { person, token, requestId } = this;
    const known = await this.standings.known({ person, token, requestId, begunAt: this.#begunAt }, enough);
    // A request that was cut meanwhile must not go on with what was known before.
    this.#abort.signal.throwIfAborted();
    return known;
  }

  identify(person: Person, token: string): void {
    this.#person = person;
    this.#token = token;
  }

  /**
   * Ends the request from outside: the handler's signal aborts; an answer that has not begun becomes the refusal,
   * one that has begun is cut off. Either way the connection closes.
   */
  cut(reason: AppError): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(reason);
    const { raw } = this.reply;
    if (raw.headersSent || this.reply.sent) raw.destroy();
    else this.reply.header('connection', 'close').send(reason);
  }
}

const contexts = new WeakMap<FastifyRequest, HttpContext>();
export const rememberContext = (context: HttpContext): void => void contexts.set(context.request, context);
/** The context that the gate made. A request without one never reached a declared route. */
export function contextOf(request: FastifyRequest): HttpContext {
  const context = contexts.get(request);
  if (!context) throw new Error('a handler ran for a request that has not passed the gate');
  return context;
}
