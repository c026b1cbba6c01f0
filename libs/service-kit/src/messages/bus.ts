import { Injectable } from '@nestjs/common';
import {
  AppError,
  limits,
  type ErrorCode,
  type MessageContract,
  type MessageInput,
  type MessageOutput,
  type ServiceName,
} from '@heirloom/contracts';
import type { ClientProxy } from '@nestjs/microservices';
import { randomUUID } from 'node:crypto';
import { firstValueFrom, timeout, TimeoutError } from 'rxjs';
import { z } from 'zod';
import { answer, sizeOf, type Envelope } from './envelope.ts';
import { SpanKind, type Tracing } from '../traces/tracing.ts';
import { everyService, type ServiceCredentials } from './service-credentials.ts';

type Question = MessageContract<'question'>;
type Work = MessageContract<'work'>;
type Broadcast = MessageContract<'broadcast'>;

/** The part of Nest's client that is needed; both transports have it. */
export type BusClient = Pick<ClientProxy, 'send' | 'emit' | 'connect' | 'close'>;

export interface SendOptions {
  /** Carried into the logs of the service that answers. */
  requestId?: string;
}
export interface AskOptions extends SendOptions {
  /** The person's access token. Needed where the contract's access is `person` or a permission. */
  token?: string;
  /** Shorter than the contract's own time. */
  timeoutMs?: number;
}

/** How a service talks to the others. Inject it by its type; each service has its own, which speaks in its name. */
@Injectable()
export class Bus {
  constructor(
    private readonly self: ServiceName,
    private readonly client: BusClient,
    private readonly credentials: ServiceCredentials,
    private readonly tracing: Tracing,
  ) {}

  /**
   * Asks a question; one instance of the contract's service answers.
   *
   * @throws AppError as the handler threw it; `unavailable` when nobody listens, `timeout` when nobody answered in
   * time, `too-large` when the question exceeds limits.messageBytes
   */
  async ask<C extends Question>(
    contract: C,
    input: MessageInput<C>,
    options: AskOptions = {},
  ): Promise<MessageOutput<C>> {
    const span = { name: `ask ${contract.id}`, kind: SpanKind.CLIENT, facts: factsOf(contract) };
    return this.tracing.continued(span, () => this.#ask(contract, input, options));
  }

  async #ask<C extends Question>(
    contract: C,
    input: MessageInput<C>,
    options: AskOptions,
  ): Promise<MessageOutput<C>> {
    if (!contract.peers.includes(this.self))
      throw new Error(`${this.self} is not among those who may ask ${contract.id}`);
    const timeoutMs = options.timeoutMs ?? contract.timeoutMs ?? limits.rpcTimeoutMs;
    const message = await this.#envelope(contract, input, contract.service, timeoutMs, options);
    const reply = await firstValueFrom(
      this.client.send<unknown>(contract.subject, message).pipe(timeout(timeoutMs)),
    ).catch((error: unknown) => {
      throw asTransportError(error, contract);
    });
    const parsed = answer.safeParse(reply);
    if (!parsed.success)
      throw new AppError('internal', {
        cause: new Error(`${contract.id} answered in a form that is not known`),
      });
    if ('error' in parsed.data) throw asCallersError(parsed.data.error, contract);
    const output = z.safeDecode(contract.output, parsed.data.output);
    if (!output.success) throw new AppError('internal', { cause: output.error });
    return output.data as MessageOutput<C>;
  }

  /** Hands out work; one instance of each listening service takes it. It may be lost. Rejects only if it could not be sent. */
  async send<C extends Work>(contract: C, input: MessageInput<C>, options: SendOptions = {}): Promise<void> {
    await this.#emit(contract, input, options);
  }

  /** Tells every instance of each listening service. It may be lost. Rejects only if it could not be sent. */
  async broadcast<C extends Broadcast>(
    contract: C,
    input: MessageInput<C>,
    options: SendOptions = {},
  ): Promise<void> {
    await this.#emit(contract, input, options);
  }

  #emit(contract: Work | Broadcast, input: unknown, options: SendOptions): Promise<void> {
    const span = { name: `send ${contract.id}`, kind: SpanKind.PRODUCER, facts: factsOf(contract) };
    return this.tracing.continued(span, () => this.#emitNow(contract, input, options));
  }

  async #emitNow(contract: Work | Broadcast, input: unknown, options: SendOptions): Promise<void> {
    if (contract.service !== this.self) throw new Error(`only ${contract.service} sends ${contract.id}`);
    const message = await this.#envelope(
      contract,
      input,
      everyService,
      contract.timeoutMs ?? limits.rpcTimeoutMs,
      options,
    );
    await firstValueFrom(this.client.emit(contract.subject, message), { defaultValue: undefined }).catch(
      (error: unknown) => {
        throw asTransportError(error, contract);
      },
    );
  }

  async #envelope(
    contract: MessageContract,
    input: unknown,
    audience: ServiceName | typeof everyService,
    timeoutMs: number,
    options: AskOptions,
  ): Promise<Envelope> {
    const message: Envelope = {
      requestId: options.requestId ?? randomUUID(),
      deadline: Date.now() + timeoutMs,
      credential: await this.credentials.present(audience),
      ...(options.token ? { token: options.token } : {}),
      ...traceOf(this.tracing),
      data: z.encode(contract.input, input),
    };
    if (sizeOf(message) > limits.messageBytes) {
      throw new AppError('too-large', {
        detail: `The message ${contract.id} is larger than ${limits.messageBytes} bytes.`,
      });
    }
    return message;
  }
}

const traceOf = ({ traceParent }: Tracing) => (traceParent === undefined ? {} : { traceParent });

const factsOf = ({ subject, kind }: MessageContract) => ({
  'messaging.destination.name': subject,
  'heirloom.message.kind': kind,
});

/** A person must not read that their sign-in is wrong when it was the service's credential that was refused. */
function asCallersError(
  error: { code: ErrorCode; detail: string; ofService?: boolean | undefined },
  contract: MessageContract,
): AppError {
  if (!error.ofService) return new AppError(error.code, { detail: error.detail });
  return new AppError('unavailable', {
    cause: new Error(`${contract.id} refused this service (${error.code}): ${error.detail}`),
  });
}

function asTransportError(error: unknown, contract: MessageContract): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof TimeoutError) return new AppError('timeout', { cause: error });
  return new AppError('unavailable', {
    cause: new Error(`nobody could be reached with ${contract.id}`, { cause: error }),
  });
}
