import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { AppError, limits, type MessageContract, type ServiceName } from '@heirloom/contracts';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { z } from 'zod';
import { AccessGate } from '../access/access-gate.ts';
import type { Log } from '../logging/logger.ts';
import { KIT_LOG, SERVICE_NAME } from '../run/tokens.ts';
import { Metrics } from '../metrics/metrics.ts';
import { SpanKind, Tracing } from '../traces/tracing.ts';
import { decodeInput } from '../validation/decode-input.ts';
import { envelope, sizeOf, type Answer, type Envelope } from './envelope.ts';
import type { MessageContext } from './message-context.ts';
import { messageOfMethod } from './message-metadata.ts';
import { MessagesInFlight } from './messages-in-flight.ts';
import { everyService, ServiceCredentials } from './service-credentials.ts';

interface Admitted {
  readonly input: unknown;
  readonly context: MessageContext;
}
const admitted = new WeakMap<object, Admitted>();

/** What the gate made of a message's payload. */
export function admittedMessage(payload: object): Admitted {
  const message = admitted.get(payload);
  if (!message) throw new Error('a handler ran for a message that has not passed the gate');
  return message;
}

/** A refusal of the sending service, as opposed to a refusal of the person it sends for. */
class ServiceRefused extends AppError {}

/**
 * Stands before each message handler: opens the envelope, checks size, sender, deadline, person and input, and
 * closes the answer. It answers failures too, so that they look the same over every transport.
 */
@Injectable()
export class MessageGate implements NestInterceptor {
  constructor(
    @Inject(SERVICE_NAME) private readonly self: ServiceName,
    @Inject(KIT_LOG) private readonly log: Log,
    private readonly credentials: ServiceCredentials,
    private readonly access: AccessGate,
    private readonly inFlight: MessagesInFlight,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const contract = messageOfMethod(execution.getHandler())!;
    const payload = execution.switchToRpc().getData<unknown>();
    return from(this.inFlight.track(this.#observe(contract, payload, next)));
  }

  async #observe(contract: MessageContract, payload: unknown, next: CallHandler): Promise<Answer> {
    const begun = performance.now();
    const span = {
      name: `handle ${contract.id}`,
      kind: contract.kind === 'question' ? SpanKind.SERVER : SpanKind.CONSUMER,
      facts: { 'messaging.destination.name': contract.subject, 'heirloom.message.kind': contract.kind },
      parent: traceParentOf(payload),
    };
    const handled = () => this.#handle(contract, payload, next);
    const answer = span.parent === undefined ? await handled() : await this.tracing.span(span, handled);
    const outcome = 'error' in answer ? answer.error.code : 'ok';
    this.metrics.message(contract.id, outcome, performance.now() - begun);
    return answer;
  }

  async #handle(contract: MessageContract, payload: unknown, next: CallHandler): Promise<Answer> {
    const begun = Date.now();
    try {
      const message = await this.#admit(contract, payload);
      admitted.set(payload as object, message);
      const output = z.encode(
        contract.output,
        await lastValueFrom(next.handle(), { defaultValue: undefined }),
      );
      if (sizeOf(output) > limits.messageBytes) {
        throw new AppError('too-large', {
          detail: `The answer of ${contract.id} is larger than ${limits.messageBytes} bytes.`,
        });
      }
      this.log.debug(
        { requestId: message.context.requestId, message: contract.id, ms: Date.now() - begun },
        'message handled',
      );
      return { output };
    } catch (error) {
      return this.#refuse(contract, payload, error);
    }
  }

  async #admit(contract: MessageContract, payload: unknown): Promise<Admitted> {
    if (sizeOf(payload) > limits.messageBytes) throw new AppError('too-large');
    const message = decodeInput(envelope, payload, 'envelope');
    const caller = await this.#checkSender(contract, message);
    const person = await this.access.admitMessage(contract, message.token, message.requestId);
    const input = decodeInput(contract.input, message.data, 'data');
    if (Date.now() > message.deadline)
      throw new AppError('timeout', { detail: 'The deadline of the message has passed.' });
    return {
      input,
      context: { requestId: message.requestId, deadline: message.deadline, caller, ...person },
    };
  }

  async #checkSender(contract: MessageContract, message: Envelope): Promise<ServiceName> {
    try {
      const audience = contract.kind === 'question' ? this.self : everyService;
      const caller = await this.credentials.check(message.credential, audience);
      const may =
        contract.kind === 'question' ? contract.peers.includes(caller) : contract.service === caller;
      if (!may)
        throw new AppError('forbidden', { detail: `The service ${caller} may not send ${contract.id}.` });
      return caller;
    } catch (error) {
      throw error instanceof AppError
        ? new ServiceRefused(error.code, { detail: error.message, cause: error })
        : error;
    }
  }

  #refuse(contract: MessageContract, payload: unknown, error: unknown): Answer {
    const known = error instanceof AppError ? error : new AppError('internal', { cause: error });
    const fields = { requestId: requestIdOf(payload), message: contract.id, code: known.code, err: error };
    if (known.code === 'internal') this.log.error(fields, 'a message failed unexpectedly');
    else if (known.status >= 500 || known instanceof ServiceRefused)
      this.log.warn(fields, 'a message could not be served');
    else this.log.debug(fields, 'a message was refused');
    return {
      error: {
        code: known.code,
        detail: known.message,
        ...(known instanceof ServiceRefused ? { ofService: true } : {}),
      },
    };
  }
}

function traceParentOf(payload: unknown): string | undefined {
  const { traceParent } = (payload ?? {}) as { traceParent?: unknown };
  return typeof traceParent === 'string' ? traceParent : undefined;
}

function requestIdOf(payload: unknown): string | undefined {
  const { requestId } = (payload ?? {}) as { requestId?: unknown };
  return typeof requestId === 'string' ? requestId.slice(0, 64) : undefined;
}
