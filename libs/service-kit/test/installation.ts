import { Controller } from '@nestjs/common';
import {
  AppError,
  authMessages,
  broadcast,
  bytes,
  can,
  limits,
  moment,
  policyMessages,
  question,
  standingMessages,
  work,
  type MessageContract,
  type MessageInput,
  type MessageOutput,
  type ServiceName,
} from '@heirloom/contracts';
import {
  Bus,
  createLog,
  OnMessage,
  run,
  type Environment,
  type InProcessHub,
  type MessageContext,
  type Running,
  type ServiceDefinition,
} from '@heirloom/service-kit';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { BusClient } from '../src/messages/bus.ts';
import { Identities, testService } from './identities.ts';

const vault = { service: 'vault', peers: ['integrity-checker'] } as const;
const instanceId = z.object({ instance: z.int() });

/** Messages of every kind and every access. */
export const testMessages = {
  echo: question({
    ...vault,
    name: 'echo',
    input: z.object({ text: z.string().max(limits.messageBytes), data: bytes({ max: 64 }), when: moment }),
    output: instanceId.extend({
      text: z.string(),
      data: bytes({ max: 64 }),
      when: moment,
      caller: z.string(),
      requestId: z.string(),
    }),
  }),
  forPerson: question({
    ...vault,
    name: 'for-person',
    access: 'person',
    input: z.object({}),
    output: z.object({ accountId: z.string() }),
  }),
  permitted: question({
    ...vault,
    name: 'permitted',
    access: can('delete', 'Photo'),
    input: z.object({}),
    output: z.object({}),
  }),
  forOperator: question({
    ...vault,
    name: 'for-operator',
    access: 'operator',
    input: z.object({}),
    output: z.object({}),
  }),
  slow: question({ ...vault, name: 'slow', input: z.object({}), output: z.object({}), timeoutMs: 300 }),
  full: question({ ...vault, name: 'full', input: z.object({}), output: z.object({}) }),
  bug: question({ ...vault, name: 'bug', input: z.object({}), output: z.object({}) }),
  lies: question({ ...vault, name: 'lies', input: z.object({}), output: z.object({ n: z.int() }) }),
  patient: question({
    ...vault,
    name: 'patient',
    input: z.object({}),
    output: z.object({ done: z.boolean() }),
  }),
  huge: question({ ...vault, name: 'huge', input: z.object({}), output: z.object({ text: z.string() }) }),
  nobody: question({
    service: 'vault',
    peers: ['integrity-checker'],
    name: 'nobody',
    input: z.object({}),
    output: z.object({}),
  }),
  task: work({
    service: 'vault',
    peers: ['integrity-checker', 'sharing-policy'],
    name: 'task',
    input: z.object({ n: z.int() }),
  }),
  news: broadcast({
    service: 'vault',
    peers: ['integrity-checker', 'vault'],
    name: 'news',
    input: z.object({ n: z.int() }),
  }),
};
export const allTestMessages: readonly MessageContract[] = [
  ...[authMessages, policyMessages, standingMessages].flatMap((group) =>
    Object.values<MessageContract>(group),
  ),
  ...Object.values(testMessages),
];
type Messages = typeof testMessages;

/** What carries the messages, and how a test gets at it below the bus. */
export interface Carrier extends AsyncDisposable {
  readonly hub: InProcessHub;
  env(service: ServiceName): Environment;
  /** A client in a service's name that sends whatever it is given. */
  rawClient(service: ServiceName): BusClient;
}

/** What happened, by instance. */
interface Heard {
  readonly tasks: string[];
  readonly news: string[];
  slowRuns: number;
  patientRuns: number;
}

export class Installation implements AsyncDisposable {
  readonly heard: Heard = { tasks: [], news: [], slowRuns: 0, patientRuns: 0 };
  readonly buses: Record<string, Bus> = {};
  readonly secret = randomBytes(32);
  readonly #running: (Running & { readonly name: ServiceName })[] = [];
  identities!: Identities;

  constructor(readonly carrier: Carrier) {}

  /** One auth and one sharing-policy, two instances of vault and of integrity-checker. */
  async start(): Promise<void> {
    this.identities = await Identities.create();
    await this.#run([this.identities.auth()]);
    await this.#run([this.identities.policy()], [this.#policyListener()]);
    for (const instance of [1, 2]) {
      await this.#run([testService('vault', { controllers: [this.#vault(instance)] })]);
      await this.#run([testService('integrity-checker', { controllers: [this.#checker(instance)] })]);
    }
  }

  get bus(): Bus {
    return this.buses['integrity-checker 1']!;
  }

  /** Stops all instances of a service the way SIGTERM does. */
  async stop(service: ServiceName): Promise<void> {
    await Promise.all(this.#running.filter(({ name }) => name === service).map((running) => running.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((running) => running.close()));
  }

  async #run(services: ServiceDefinition[], more: readonly (new () => object)[] = []): Promise<void> {
    const { name } = services[0]!;
    const definitions = services.map((service) => {
      const inner = service.module.bind(service);
      return { ...service, module: (context: never) => withControllers(inner(context), more) };
    });
    const env = {
      ...this.carrier.env(name),
      HEIRLOOM_PORT: '0',
      HEIRLOOM_SERVICE_SECRET: this.secret.toString('base64url'),
    };
    const messages = allTestMessages.filter((message) => message !== testMessages.nobody);
    const running = await run(definitions, env, {
      transport: this.carrier.hub,
      contracts: { routes: [], messages },
      log: createLog('silent'),
    });
    this.#running.push(Object.assign(running, { name }));
  }

  #policyListener(): new () => object {
    const { heard } = this;
    @Controller()
    class Listener {
      @OnMessage(testMessages.task)
      task(input: MessageInput<Messages['task']>): void {
        heard.tasks.push(`sharing-policy ${input.n}`);
      }
    }
    return Listener;
  }

  #checker(instance: number): new (...args: never[]) => object {
    const { heard, buses } = this;
    @Controller()
    class Checker {
      constructor(bus: Bus) {
        buses[`integrity-checker ${instance}`] = bus;
      }
      @OnMessage(testMessages.task)
      task(input: MessageInput<Messages['task']>): void {
        heard.tasks.push(`integrity-checker ${input.n}`);
      }
      @OnMessage(testMessages.news)
      news(input: MessageInput<Messages['news']>): void {
        heard.news.push(`integrity-checker ${instance}: ${input.n}`);
      }
    }
    return Checker;
  }

  #vault(instance: number): new (...args: never[]) => object {
    const { heard, buses } = this;
    @Controller()
    class Vault {
      constructor(bus: Bus) {
        buses[`vault ${instance}`] = bus;
      }
      @OnMessage(testMessages.echo)
      echo(input: MessageInput<Messages['echo']>, context: MessageContext): MessageOutput<Messages['echo']> {
        return { ...input, instance, caller: context.caller, requestId: context.requestId };
      }
      @OnMessage(testMessages.forPerson)
      forPerson(_input: object, context: MessageContext): MessageOutput<Messages['forPerson']> {
        return { accountId: context.person!.accountId };
      }
      @OnMessage(testMessages.forOperator)
      forOperator(): Record<string, never> {
        return {};
      }
      @OnMessage(testMessages.permitted)
      permitted(): Record<string, never> {
        return {};
      }
      @OnMessage(testMessages.slow)
      async slow(): Promise<Record<string, never>> {
        heard.slowRuns += 1;
        await sleep(900);
        return {};
      }
      @OnMessage(testMessages.patient)
      async patient(): Promise<MessageOutput<Messages['patient']>> {
        heard.patientRuns += 1;
        await sleep(600);
        return { done: true };
      }
      @OnMessage(testMessages.full)
      full(): Record<string, never> {
        throw new AppError('storage-full', { detail: 'The third disk is full.' });
      }
      @OnMessage(testMessages.bug)
      bug(): Record<string, never> {
        throw new TypeError('secret-of-the-stack');
      }
      @OnMessage(testMessages.lies)
      lies(): MessageOutput<Messages['lies']> {
        return { n: 1.5 };
      }
      @OnMessage(testMessages.huge)
      huge(): MessageOutput<Messages['huge']> {
        return { text: 'x'.repeat(limits.messageBytes) };
      }
      @OnMessage(testMessages.news)
      news(input: MessageInput<Messages['news']>): void {
        heard.news.push(`vault ${instance}: ${input.n}`);
      }
    }
    return Vault;
  }
}

const withControllers = (
  module: ReturnType<ServiceDefinition['module']>,
  more: readonly (new () => object)[],
) => ({
  ...module,
  controllers: [...(module.controllers ?? []), ...more],
});

export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(20))
    if (await condition()) return;
  throw new Error('it did not happen in time');
}

export const codeOf = (asked: Promise<unknown>): Promise<string | undefined> =>
  asked.then(
    () => undefined,
    (error: unknown) => (error as AppError).code,
  );
