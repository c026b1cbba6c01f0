import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allMessages, serviceNames, type ServiceName } from '@heirloom/contracts';
import {
  inboxPrefixOf,
  InProcessClient,
  InProcessHub,
  natsPermissions,
  renderNatsConfig,
} from '@heirloom/service-kit';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { ClientNats } from '@nestjs/microservices';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BusClient } from '../src/messages/bus.ts';
import { freePort, spawnServer, type SpawnedServer } from '@heirloom/service-kit/testing';
import { allTestMessages, codeOf, Installation, testMessages, until, type Carrier } from './installation.ts';
import { transportConformance } from './transport.conformance.ts';

async function inProcess(): Promise<Carrier> {
  const hub = new InProcessHub();
  return {
    hub,
    env: () => ({}),
    rawClient: () => new InProcessClient(hub),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const passwords = Object.fromEntries(serviceNames.map((name) => [name, `password-of-${name}`])) as Record<
  ServiceName,
  string
>;

/** A real nats-server with a user for each service, which may do what the contracts say and nothing else. */
class NatsCarrier implements Carrier {
  readonly hub = new InProcessHub();
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private server: SpawnedServer,
  ) {}

  static async create(): Promise<NatsCarrier> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'heirloom-nats-'));
    await writeFile(
      join(folder, 'nats.conf'),
      renderNatsConfig(allTestMessages, passwords, `127.0.0.1:${port}`),
    );
    return new NatsCarrier(port, folder, await NatsCarrier.#spawn(folder, port));
  }

  static #spawn(folder: string, port: number): Promise<SpawnedServer> {
    return spawnServer('nats-server', ['-c', join(folder, 'nats.conf')], port);
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }
  env(service: ServiceName): Record<string, string> {
    return {
      HEIRLOOM_TRANSPORT: 'nats',
      HEIRLOOM_NATS_URL: this.url,
      HEIRLOOM_NATS_PASSWORD: passwords[service],
    };
  }
  rawClient(service: ServiceName): BusClient {
    return new ClientNats({
      servers: this.url,
      user: service,
      pass: passwords[service],
      inboxPrefix: inboxPrefixOf(service),
    });
  }
  stop(): Promise<void> {
    return this.server.stop('SIGKILL');
  }
  async restart(): Promise<void> {
    this.server = await NatsCarrier.#spawn(this.folder, this.port);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true });
  }
}

transportConformance('in the process', inProcess);
transportConformance('by NATS', () => NatsCarrier.create());

describe('NATS', () => {
  let carrier: NatsCarrier;
  beforeAll(async () => {
    carrier = await NatsCarrier.create();
  });
  afterAll(() => carrier[Symbol.asyncDispose]());

  const echo = { text: 'x', data: new Uint8Array(), when: new Date() };

  it('that restarts is found again by everyone', async () => {
    await using installation = new Installation(carrier);
    await installation.start();
    expect(await installation.bus.ask(testMessages.echo, echo)).toMatchObject({ text: 'x' });
    await carrier.stop();
    const refused = await codeOf(installation.bus.ask(testMessages.echo, echo, { timeoutMs: 1_000 }));
    expect(['unavailable', 'timeout']).toContain(refused);
    await carrier.restart();
    await until(
      async () =>
        (await codeOf(installation.bus.ask(testMessages.echo, echo, { timeoutMs: 500 }))) === undefined,
      20_000,
    );
    installation.heard.news.length = 0;
    await until(async () => {
      // Until its own connection is back, the sender is told that it cannot send.
      await codeOf(installation.buses['vault 1']!.broadcast(testMessages.news, { n: 1 }));
      await sleep(200);
      return new Set(installation.heard.news).size === 4;
    }, 20_000);
  }, 60_000);

  describe('users', () => {
    let vault: NatsConnection;
    const errors: string[] = [];
    beforeAll(async () => {
      vault = await connect({
        servers: carrier.url,
        user: 'vault',
        pass: passwords.vault,
        inboxPrefix: inboxPrefixOf('vault'),
      });
      void (async () => {
        for await (const status of vault.status())
          if (status.type === 'error') errors.push(String(status.error));
      })();
    });
    afterAll(() => vault.close());

    const refused = async (attempt: () => void): Promise<void> => {
      errors.length = 0;
      attempt();
      await vault.flush();
      await until(() => errors.some((text) => /permissions violation/i.test(text)), 5_000);
    };
    const allowed = async (attempt: () => void): Promise<void> => {
      errors.length = 0;
      attempt();
      await vault.flush();
      await sleep(100);
      expect(errors).toEqual([]);
    };
    const ignore = { callback: () => undefined };

    it('are needed', async () => {
      await expect(connect({ servers: carrier.url, reconnect: false })).rejects.toThrow();
      await expect(
        connect({ servers: carrier.url, user: 'vault', pass: 'wrong', reconnect: false }),
      ).rejects.toThrow();
    });

    it('may not publish what only others send', async () => {
      await refused(() => vault.publish(testMessages.echo.subject, '{}'));
      await refused(() => vault.publish('anything.else', '{}'));
      await allowed(() => vault.publish(testMessages.news.subject, '{}'));
    });

    it('may not listen to what is not for them', async () => {
      await refused(() => void vault.subscribe('>', ignore));
      await refused(() => void vault.subscribe('heirloom.auth.token-keys', ignore));
      await refused(() => void vault.subscribe(`${inboxPrefixOf('auth')}.>`, ignore));
      await allowed(() => void vault.subscribe(`${inboxPrefixOf('vault')}.>`, ignore));
    });
  });

  it('refuses to start a service with a wrong password', async () => {
    const { run } = await import('@heirloom/service-kit');
    const { testService } = await import('./identities.ts');
    const env = {
      ...carrier.env('vault'),
      HEIRLOOM_NATS_PASSWORD: 'wrong',
      HEIRLOOM_PORT: '0',
      HEIRLOOM_SERVICE_SECRET: 'A'.repeat(43),
      HEIRLOOM_LOG_LEVEL: 'silent',
    };
    const contracts = {
      routes: [],
      messages: allMessages.filter(
        ({ id }) => id === 'auth.device-revoked' || id === 'sharing-policy.standing-changed',
      ),
    };
    await expect(run([testService('vault', {})], env, { contracts })).rejects.toThrow('HEIRLOOM_NATS_URL');
  }, 10_000);
});

describe('natsPermissions', () => {
  it('follows from the contracts', () => {
    const { vault, 'integrity-checker': checker, auth } = natsPermissions(allMessages);
    expect(vault.subscribe).toContain('heirloom.vault.replicas-page');
    expect(vault.publish).not.toContain('heirloom.vault.replicas-page');
    expect(checker.publish).toContain('heirloom.vault.replicas-page');
    expect(checker.subscribe).not.toContain('heirloom.vault.replicas-page');
    expect(auth.publish).toContain('heirloom.auth.device-revoked');
    expect(vault.publish).not.toContain('heirloom.auth.device-revoked');
    expect(vault.subscribe).toContain('_INBOX_vault.>');
    for (const { publish } of [vault, checker, auth]) expect(publish.join()).not.toMatch(/[*>]/);
  });
});
