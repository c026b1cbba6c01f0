import { describe, expect, it } from '@jest/globals';
import { newId, type AccountId } from '@heirloom/contracts';
import { client } from '@serenity-kit/opaque';
import { createServerSetup, isServerSetup, Opaque, type Subject } from './opaque.ts';

/** As weak as possible: how passwords are stretched is the clients' matter. */
const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 8, parallelism: 1 } };

function register(opaque: Opaque, accountId: AccountId, password: string): Subject {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const registrationResponse = opaque.register(accountId, registrationRequest);
  const { registrationRecord: record } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse,
    password,
    keyStretching,
  });
  return { id: accountId, realm: 'person', credential: { record, seedId: opaque.seedId } };
}

/** Whether the client finds the password right, and whether the server then agrees. */
function logIn(opaque: Opaque, subject: Subject, password: string): [boolean, boolean] {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const { loginResponse, serverLoginState } = opaque.startLogin(subject, startLoginRequest);
  const finished = client.finishLogin({ clientLoginState, loginResponse, password, keyStretching });
  if (!finished) return [false, opaque.finishLogin(serverLoginState, 'AAAA')];
  return [true, opaque.finishLogin(serverLoginState, finished.finishLoginRequest)];
}

const accountId = newId<AccountId>();
const [setup, nextSetup] = [createServerSetup(), createServerSetup()];

describe('OPAQUE', () => {
  it('tells a server setup from anything else', () => {
    expect(isServerSetup(setup)).toBe(true);
    for (const text of ['', 'x', setup.slice(4), `${setup}AAAA`]) expect(isServerSetup(text)).toBe(false);
  });

  it('opens for the right password only', () => {
    const opaque = new Opaque(setup);
    const subject = register(opaque, accountId, 'correct horse');
    expect(logIn(opaque, subject, 'correct horse')).toEqual([true, true]);
    expect(logIn(opaque, subject, 'correct house')).toEqual([false, false]);
  });

  it('binds the record to the account', () => {
    const opaque = new Opaque(setup);
    const subject = register(opaque, accountId, 'correct horse');
    expect(logIn(opaque, { ...subject, id: newId<AccountId>() }, 'correct horse')).toEqual([false, false]);
  });

  it('reads records of the setup before, and of no older one', () => {
    const subject = register(new Opaque(setup), accountId, 'correct horse');
    const rotated = new Opaque(nextSetup, setup);
    expect(rotated.seedId).not.toBe(subject.credential!.seedId);
    expect(rotated.knowsSeed(subject.credential!.seedId)).toBe(true);
    expect(logIn(rotated, subject, 'correct horse')).toEqual([true, true]);
    const later = new Opaque(nextSetup);
    expect(later.knowsSeed(subject.credential!.seedId)).toBe(false);
    expect(logIn(later, subject, 'correct horse')).toEqual([false, false]);
  });

  it('answers a stranger in the same form, always as the same one', () => {
    const opaque = new Opaque(setup);
    const subject = register(opaque, accountId, 'correct horse');
    const { startLoginRequest } = client.startLogin({ password: 'correct horse' });
    const known = opaque.startLogin(subject, startLoginRequest).loginResponse;
    const strange = () =>
      opaque.startLogin(opaque.stranger('nobody@example.org', 'person'), startLoginRequest).loginResponse;
    const [first, second] = [strange(), strange()];
    expect(first).toHaveLength(known.length);
    // The first 32 bytes are the evaluated element, the same for the same account and request (RFC 9807 §6.3.2).
    expect(first.slice(0, 42)).toBe(second.slice(0, 42));
    expect(first.slice(43)).not.toBe(second.slice(43));
    expect(opaque.stranger('other@example.org', 'person').id).not.toBe(
      opaque.stranger('nobody@example.org', 'person').id,
    );
    expect(opaque.stranger('nobody@example.org', 'staff').id).not.toBe(
      opaque.stranger('nobody@example.org', 'person').id,
    );
    expect(new Opaque(nextSetup).stranger('nobody@example.org', 'person').id).not.toBe(
      opaque.stranger('nobody@example.org', 'person').id,
    );
    expect(new Opaque(nextSetup, setup).stranger('nobody@example.org', 'person')).toEqual(
      opaque.stranger('nobody@example.org', 'person'),
    );
    expect(logIn(opaque, opaque.stranger('nobody@example.org', 'person'), 'correct horse')).toEqual([
      false,
      false,
    ]);
  });

  it('refuses malformed messages and records as bad requests', () => {
    const opaque = new Opaque(setup);
    const subject = register(opaque, accountId, 'correct horse');
    const refused = expect.objectContaining({ code: 'bad-request' });
    for (const text of ['AAAA', '!', 'A'.repeat(128)]) {
      expect(() => opaque.register(accountId, text)).toThrow(refused);
      expect(() => opaque.startLogin(subject, text)).toThrow(refused);
      expect(() => opaque.startLogin(opaque.stranger('x@example.org', 'person'), text)).toThrow(refused);
      expect(() => opaque.checkRecord(accountId, { record: text, seedId: opaque.seedId })).toThrow(refused);
    }
    opaque.checkRecord(accountId, subject.credential!);
  });

  it('derives keys that differ by label and by setup', () => {
    const keys = [
      new Opaque(setup).deriveKey('a'),
      new Opaque(setup).deriveKey('b'),
      new Opaque(nextSetup).deriveKey('a'),
    ];
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3);
    expect(new Opaque(setup).deriveKey('a')).toEqual(keys[0]);
    expect(keys[0]).toHaveLength(32);
  });
});
