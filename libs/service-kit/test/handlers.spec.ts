import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, type Type } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import {
  authMessages,
  policyMessages,
  question,
  route,
  work,
  type MessageContract,
  type RouteContract,
} from '@heirloom/contracts';
import { createLog, Jobs, OnMessage, OnRoute, run, type Contracts } from '@heirloom/service-kit';
import { z } from 'zod';
import { testService } from './identities.ts';

const one = route({
  service: 'vault',
  id: 'vault.one',
  method: 'GET',
  path: '/api/vault/one',
  access: 'public',
});
const foreign = route({
  service: 'auth',
  id: 'auth.one',
  method: 'GET',
  path: '/api/auth/one',
  access: 'public',
});
const ask = question({
  service: 'vault',
  name: 'ask',
  peers: ['auth'],
  input: z.object({}),
  output: z.object({}),
});
const task = work({ service: 'auth', name: 'task', peers: ['vault'], input: z.object({}) });
const unrelated = work({
  service: 'auth',
  name: 'unrelated',
  peers: ['sharing-policy'],
  input: z.object({}),
});

@Controller()
class Whole {
  @OnRoute(one)
  one(): void {}
  @OnMessage(ask)
  ask(): Record<string, never> {
    return {};
  }
  @OnMessage(task)
  task(): void {}
}

const contractsOf = (routes: RouteContract[], messages: MessageContract[]): Contracts => ({
  routes,
  messages: [authMessages.deviceRevoked, policyMessages.standingChanged, ...messages],
});

/** Why vault did not start with these controllers. */
async function refusal(
  controllers: Type[],
  contracts = contractsOf([one], [ask, task, unrelated]),
): Promise<string> {
  const service = testService('vault', { controllers });
  try {
    const running = await run([service], { HEIRLOOM_PORT: '0' }, { contracts, log: createLog('silent') });
    await running.close();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a service that does not match its contracts does not start', () => {
  it('but one that does starts', async () => {
    expect(await refusal([Whole])).toBe('');
  });

  it('when something has no handler', async () => {
    @Controller()
    class Empty {}
    const message = await refusal([Empty]);
    expect(message).toContain('vault.one has no handler.');
    expect(message).toContain('vault.ask has no handler.');
    expect(message).toContain('auth.task has no handler.');
    expect(message).not.toContain('unrelated');
  });

  it('when something has two', async () => {
    @Controller()
    class Again {
      @OnMessage(ask)
      again(): Record<string, never> {
        return {};
      }
    }
    expect(await refusal([Whole, Again])).toContain(
      'vault.ask has more than one handler: Whole.ask, Again.again.',
    );
  });

  it('when a route or a message has no contract', async () => {
    @Controller()
    class Bare {
      @Get('/api/vault/bare')
      bare(): void {}
      @(EventPattern('bare') as MethodDecorator)
      event(): void {}
    }
    const message = await refusal([Whole, Bare]);
    expect(message).toContain('Bare.bare answers without a contract');
    expect(message).toContain('Bare.event answers without a contract');
  });

  it('when it handles what belongs to another service or was never declared', async () => {
    @Controller()
    class Foreign {
      @OnRoute(foreign)
      foreign(): void {}
      @OnMessage(unrelated)
      unrelated(): void {}
    }
    const message = await refusal([Whole, Foreign]);
    expect(message).toContain('Foreign.foreign handles auth.one');
    expect(message).toContain('Foreign.unrelated handles auth.unrelated');
    expect(await refusal([Whole], contractsOf([one], [task]))).toContain(
      'Whole.ask handles vault.ask, which is not declared',
    );
  });

  it('when two contracts claim the same address', async () => {
    const same = route({ ...one, id: 'vault.same' });
    expect(await refusal([Whole], contractsOf([one, same], [ask, task]))).toContain(
      'GET /api/vault/one is declared twice.',
    );
  });

  it('when it needs jobs and nobody said where they are kept', async () => {
    @Injectable()
    @Controller()
    class Worker {
      constructor(private readonly jobs: Jobs) {}
      async onModuleInit(): Promise<void> {
        await this.jobs.every('sweep', 1000, async () => undefined);
      }
    }
    expect(await refusal([Whole, Worker])).toContain('HEIRLOOM_JOBS is not set');
  });
});
