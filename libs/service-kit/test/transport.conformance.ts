import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, limits } from '@heirloom/contracts';
import type { Bus } from '@heirloom/service-kit';
import { SignJWT } from 'jose';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import type { BusClient } from '../src/messages/bus.ts';
import type { Answer, Envelope } from '../src/messages/envelope.ts';
import { codeOf, Installation, testMessages, until, type Carrier } from './installation.ts';

const echoInput = {
  text: 'grüße',
  data: Uint8Array.of(0, 255, 7),
  when: new Date('2024-02-29T12:00:00.123Z'),
};

/** What every transport must do alike, with two instances of each listening service. */
export function transportConformance(name: string, createCarrier: () => Promise<Carrier>): void {
  describe(`messages carried ${name}`, () => {
    let carrier: Carrier;
    let installation: Installation;
    let bus: Bus;
    beforeAll(async () => {
      carrier = await createCarrier();
      installation = new Installation(carrier);
      await installation.start();
      bus = installation.bus;
    });
    afterAll(async () => {
      await installation[Symbol.asyncDispose]();
      await carrier[Symbol.asyncDispose]();
    });
    beforeEach(() => {
      installation.heard.tasks.length = 0;
      installation.heard.news.length = 0;
    });

    it('brings a question to one instance and decoded values both ways', async () => {
      const answer = await bus.ask(testMessages.echo, echoInput, { requestId: 'request-1' });
      expect(answer).toMatchObject({ ...echoInput, caller: 'integrity-checker', requestId: 'request-1' });
      expect(answer.when).toBeInstanceOf(Date);
      expect(answer.data).toBeInstanceOf(Uint8Array);
    });

    it('shares questions out among the instances', async () => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => bus.ask(testMessages.echo, echoInput)),
      );
      expect(new Set(answers.map(({ instance }) => instance))).toEqual(new Set([1, 2]));
    });

    it('hands work to one instance of each listening service', async () => {
      const sender = installation.buses['vault 1']!;
      for (let n = 0; n < 10; n += 1) await sender.send(testMessages.task, { n });
      const expected = ['integrity-checker', 'sharing-policy'].flatMap((service) =>
        Array.from({ length: 10 }, (_, n) => `${service} ${n}`),
      );
      await until(() => installation.heard.tasks.length >= expected.length);
      await sleep(100);
      expect(installation.heard.tasks.toSorted()).toEqual(expected.toSorted());
    });

    it('lets every instance hear a broadcast', async () => {
      await installation.buses['vault 1']!.broadcast(testMessages.news, { n: 5 });
      await until(() => installation.heard.news.length >= 4);
      await sleep(100);
      expect(installation.heard.news.toSorted()).toEqual([
        'integrity-checker 1: 5',
        'integrity-checker 2: 5',
        'vault 1: 5',
        'vault 2: 5',
      ]);
    });

    it('brings an expected failure back as it was thrown', async () => {
      const failure = await bus.ask(testMessages.full, {}).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(AppError);
      expect(failure).toMatchObject({ code: 'storage-full', message: 'The third disk is full.' });
    });

    it('keeps bugs and broken answers to itself', async () => {
      const bug = await bus.ask(testMessages.bug, {}).catch((error: unknown) => error);
      expect(bug).toMatchObject({ code: 'internal' });
      expect(String((bug as Error).message)).not.toContain('secret-of-the-stack');
      await expect(bus.ask(testMessages.lies, {})).rejects.toMatchObject({ code: 'internal' });
    });

    it('stops waiting at the deadline', async () => {
      const begun = performance.now();
      await expect(bus.ask(testMessages.slow, {})).rejects.toMatchObject({ code: 'timeout' });
      expect(performance.now() - begun).toBeLessThan(800);
      await expect(bus.ask(testMessages.slow, {}, { timeoutMs: 50 })).rejects.toMatchObject({
        code: 'timeout',
      });
    });

    it('says at once when nobody answers such a question', async () => {
      const begun = performance.now();
      await expect(bus.ask(testMessages.nobody, {})).rejects.toMatchObject({ code: 'unavailable' });
      expect(performance.now() - begun).toBeLessThan(1_000);
    });

    it('refuses questions and answers that are too large', async () => {
      const text = 'x'.repeat(limits.messageBytes);
      await expect(bus.ask(testMessages.echo, { ...echoInput, text })).rejects.toMatchObject({
        code: 'too-large',
      });
      await expect(bus.ask(testMessages.huge, {})).rejects.toMatchObject({ code: 'too-large' });
    });

    it('does not let a service send what is not its own', async () => {
      await expect(installation.buses['vault 1']!.ask(testMessages.echo, echoInput)).rejects.toThrow(
        'not among those',
      );
      await expect(bus.send(testMessages.task, { n: 1 })).rejects.toThrow('only vault sends');
    });

    it('needs the token of a person where the contract says so', async () => {
      const person = installation.identities.person('owner');
      const token = await installation.identities.token(person);
      expect(await bus.ask(testMessages.forPerson, {}, { token })).toEqual({ accountId: person.accountId });
      expect(await bus.ask(testMessages.permitted, {}, { token })).toEqual({});
      await expect(bus.ask(testMessages.forPerson, {})).rejects.toMatchObject({ code: 'token-missing' });
      await expect(bus.ask(testMessages.forPerson, {}, { token: 'nonsense' })).rejects.toMatchObject({
        code: 'token-invalid',
      });
      const expired = await installation.identities.token(person, { expiresInSeconds: -10 });
      await expect(bus.ask(testMessages.forPerson, {}, { token: expired })).rejects.toMatchObject({
        code: 'token-expired',
      });
      const viewer = await installation.identities.token(installation.identities.person('viewer'));
      await expect(bus.ask(testMessages.permitted, {}, { token: viewer })).rejects.toMatchObject({
        code: 'forbidden',
      });
    });

    it('keeps operators and members of families apart', async () => {
      const token = await installation.identities.token(installation.identities.staff('operator'));
      expect(await bus.ask(testMessages.forOperator, {}, { token })).toEqual({});
      for (const message of [testMessages.forPerson, testMessages.permitted])
        await expect(bus.ask(message, {}, { token })).rejects.toMatchObject({ code: 'forbidden' });
      const owner = await installation.identities.token(installation.identities.person('owner'));
      await expect(bus.ask(testMessages.forOperator, {}, { token: owner })).rejects.toMatchObject({
        code: 'forbidden',
      });
      await expect(bus.ask(testMessages.forOperator, {})).rejects.toMatchObject({ code: 'token-missing' });
    });

    it('refuses the token of a revoked device', async () => {
      const person = installation.identities.person('owner');
      const token = await installation.identities.token(person);
      installation.identities.revoked.push(person);
      await until(
        async () => (await codeOf(bus.ask(testMessages.forPerson, {}, { token }))) === 'device-revoked',
        5_000,
      );
    });

    describe('below the bus', () => {
      let raw: BusClient;
      beforeAll(async () => {
        raw = carrier.rawClient('integrity-checker');
        await raw.connect();
      });
      afterAll(() => raw.close() as Promise<void>);

      const credential = (
        change: { iss?: string; aud?: string; seconds?: number; secret?: Uint8Array; typ?: string } = {},
      ): Promise<string> =>
        new SignJWT()
          .setProtectedHeader({ alg: 'HS256', typ: change.typ ?? 'heirloom-service+jwt' })
          .setIssuer(change.iss ?? 'integrity-checker')
          .setAudience(change.aud ?? 'vault')
          .setIssuedAt()
          .setExpirationTime(Math.floor(Date.now() / 1000) + (change.seconds ?? 60))
          .sign(change.secret ?? installation.secret);
      const wireInput = { text: 'a', data: '', when: '2024-01-01T00:00:00.000Z' };
      const say = async (
        change: Partial<Envelope> & Record<string, unknown> = {},
        subject = testMessages.echo.subject,
      ): Promise<Answer> => {
        const envelope = {
          requestId: 'raw',
          deadline: Date.now() + 5_000,
          credential: await credential(),
          data: wireInput,
          ...change,
        };
        return firstValueFrom(raw.send<Answer>(subject, envelope));
      };
      const refusal = (code: string) => ({ error: expect.objectContaining({ code }) as unknown });

      it('answers a whole envelope', async () => {
        expect(await say()).toMatchObject({ output: { text: 'a', caller: 'integrity-checker' } });
      });

      it.each([
        ['no credential', async () => undefined, 'token-missing'],
        ['nonsense', async () => 'nonsense', 'token-invalid'],
        ['another secret', () => credential({ secret: randomBytes(32) }), 'token-invalid'],
        ['an expired credential', () => credential({ seconds: -5 }), 'token-expired'],
        ['a credential for another service', () => credential({ aud: 'auth' }), 'token-invalid'],
        ['a credential for broadcasts', () => credential({ aud: '*' }), 'token-invalid'],
        ['a service that does not exist', () => credential({ iss: 'nobody' }), 'token-invalid'],
        ['a token of another type', () => credential({ typ: 'JWT' }), 'token-invalid'],
        ['a service that is not among the callers', () => credential({ iss: 'sharing-policy' }), 'forbidden'],
        [
          'an access token',
          () => installation.identities.token(installation.identities.person()),
          'token-invalid',
        ],
      ])('refuses %s', async (_what, make, code) => {
        expect(await say({ credential: (await make()) as string })).toEqual(refusal(code));
      });

      it.each([
        ['malformed data', { data: { text: 1 } }, 'bad-request'],
        ['no data', { data: undefined }, 'bad-request'],
        ['an envelope without a deadline', { deadline: undefined }, 'bad-request'],
        ['too long a request id', { requestId: 'x'.repeat(65) }, 'bad-request'],
        ['what is too large', { data: { ...wireInput, text: 'x'.repeat(limits.messageBytes) } }, 'too-large'],
      ])('refuses %s', async (_what, change, code) => {
        expect(await say(change as never)).toEqual(refusal(code));
      });

      it('does not begin when the deadline has passed', async () => {
        const before = installation.heard.slowRuns;
        expect(await say({ deadline: Date.now() - 1, data: {} }, testMessages.slow.subject)).toEqual(
          refusal('timeout'),
        );
        expect(installation.heard.slowRuns).toBe(before);
      });
    });

    it('lets a stopping service answer what it has begun, and then nobody answers', async () => {
      const asked = bus.ask(testMessages.patient, {});
      await until(() => installation.heard.patientRuns > 0);
      const stopped = installation.stop('vault');
      expect(await asked).toEqual({ done: true });
      await stopped;
      await expect(bus.ask(testMessages.patient, {})).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}
