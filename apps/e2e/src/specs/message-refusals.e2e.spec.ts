import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allMessages, serviceNames, type MessageContract, type ServiceName } from '@heirloom/contracts';
import { CliDevice } from '../cli/cli.ts';
import { belongingsOf } from '../refusals/belongings.ts';
import { inputFor } from '../refusals/inputs.ts';
import { mintCredential, NatsSpeaker } from '../refusals/messages.ts';
import type { Belongings } from '../refusals/requests.ts';
import { mintToken } from '../refusals/tokens.ts';
import { makeJpeg } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import type { ClusterSystem } from '../system/cluster-system.ts';

const questions = allMessages.filter((message) => message.kind === 'question');
const named = questions.map((message) => [message.id, message] as const);

/** The input with one field after the other that is not what it should be, too large, or of too many things. */
const spoiled = (input: unknown) =>
  Object.entries(input as object).flatMap(([field, value]) =>
    [
      { is: 'not this' },
      ...(typeof value === 'number' ? [1e9] : []),
      ...(Array.isArray(value) ? [new Array<unknown>(2000).fill(value[0])] : []),
    ].map((bad) => ({ ...(input as object), [field]: bad })),
  );

describe('refusals of messages (cluster)', () => {
  let scene: Scene;
  let system: ClusterSystem;
  let anna: Belongings;
  let bruno: Belongings;
  let seed: string;

  const person = async (name: string): Promise<Belongings> => {
    const email = `${name}@example.org`;
    const device = new CliDevice(
      path.join(scene.folder, name, 'profile'),
      system.address,
      `password of ${name}`,
    );
    await device.signUp(name, email);
    await mkdir(path.join(scene.folder, name, 'photos'), { recursive: true });
    await makeJpeg(path.join(scene.folder, name, 'photos/one.jpg'), name.length);
    await device.ok('backup', path.join(scene.folder, name, 'photos'), '--album', 'Things');
    return belongingsOf(await system.databaseUrl(), email);
  };

  /** Asks in the name of one of those who may, with what a test wants to be wrong. */
  const ask = async (
    message: MessageContract,
    wishes: { credential?: string; token?: string; data?: unknown; from?: ServiceName } = {},
  ): Promise<unknown> => {
    const from = wishes.from ?? message.peers[0]!;
    await using speaker = await NatsSpeaker.as(from, system);
    const credential =
      'credential' in wishes
        ? wishes.credential
        : await mintCredential(system.serviceSecret, { from, to: message.service });
    return await speaker.ask(message, {
      ...(credential === undefined ? {} : { credential }),
      ...(wishes.token === undefined ? {} : { token: wishes.token }),
      data: 'data' in wishes ? wishes.data : inputFor[message.id]!(anna),
    });
  };
  const tokenFor = async (message: MessageContract) =>
    message.access === 'service' ? undefined : mintToken(seed, anna);
  const withToken = async (message: MessageContract) => {
    const token = await tokenFor(message);
    return token === undefined ? {} : { token };
  };
  const refusedWith = (...codes: string[]) => ({
    error: { code: expect.stringMatching(new RegExp(`^(${codes.join('|')})$`)) },
  });

  beforeAll(async () => {
    scene = await boot('cluster');
    system = scene.system as ClusterSystem;
    seed = await system.tokenKey();
    anna = await person('anna');
    bruno = await person('bruno');
  }, 120_000);
  afterAll(async () => scene?.[Symbol.asyncDispose](), 60_000);

  it('has an input for every question that contracts declare', () => {
    expect(questions.map(({ id }) => id).filter((id) => !inputFor[id])).toEqual([]);
  });

  it.each(named)('%s is answered when all is right', async (_id, message) => {
    expect(await ask(message, await withToken(message))).toMatchObject({ output: expect.anything() });
  });

  it.each(named)('%s refuses a message without, or with a bad, service credential', async (_id, message) => {
    const person = await withToken(message);
    const from = message.peers[0]!;
    expect(await ask(message, { ...person, credential: undefined })).toMatchObject(
      refusedWith('token-missing'),
    );
    for (const credential of [
      await mintCredential(system.serviceSecret, { from, to: message.service, expiresIn: -5 }),
      await mintCredential(randomBytes(32).toString('base64url'), { from, to: message.service }),
      await mintCredential(system.serviceSecret, {
        from,
        to: serviceNames.find((name) => name !== message.service)!,
      }),
      'garbage',
    ]) {
      expect(await ask(message, { ...person, credential })).toMatchObject(
        refusedWith('token-invalid', 'token-expired'),
      );
    }
  });

  it.each(named.filter(([, { peers }]) => peers.length < serviceNames.length))(
    '%s refuses a service that is not among its peers',
    async (_id, message) => {
      const stranger = serviceNames.find((name) => !message.peers.includes(name))!;
      const credential = await mintCredential(system.serviceSecret, { from: stranger, to: message.service });
      expect(await ask(message, { ...(await withToken(message)), credential })).toMatchObject(
        refusedWith('forbidden'),
      );
      // NATS itself does not let the stranger's user speak on this subject.
      await expect(ask(message, { ...(await withToken(message)), from: stranger })).rejects.toThrow();
    },
  );

  it.each(named.filter(([, { access }]) => access !== 'service'))(
    "%s refuses bad tokens and another person's",
    async (_id, message) => {
      expect(await ask(message)).toMatchObject(refusedWith('token-missing'));
      for (const token of [
        await mintToken(seed, { ...anna, expiresIn: -10 }),
        await mintToken(randomBytes(32).toString('base64url'), anna),
        'garbage',
      ]) {
        expect(await ask(message, { token })).toMatchObject(refusedWith('token-invalid', 'token-expired'));
      }
      const answer = await ask(message, { token: await mintToken(seed, bruno) });
      if (message.id === 'sharing-policy.standing') {
        expect(answer).toMatchObject({ output: { accountId: bruno.accountId } });
        expect(JSON.stringify(answer)).not.toContain(anna.libraryId);
      } else {
        expect(answer).toMatchObject(refusedWith('forbidden', 'not-found'));
      }
    },
  );

  it.each(named.filter(([id]) => id !== 'auth.token-keys' && id !== 'sharing-policy.standing'))(
    '%s refuses malformed input',
    async (_id, message) => {
      for (const data of [undefined, null, [], 'text', ...spoiled(inputFor[message.id]!(anna))]) {
        expect(await ask(message, { ...(await withToken(message)), data })).toMatchObject(
          refusedWith('bad-request'),
        );
      }
    },
  );
});
