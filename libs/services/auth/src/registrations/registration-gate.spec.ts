import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { RegistrationGate } from './registration-gate.ts';

const codes = ['first-code', 'second-code'];

describe('the registration gate', () => {
  it('lets everyone in when open, and asks for no code', () => {
    expect(new RegistrationGate('open', codes).admit(undefined)).toBeUndefined();
    expect(new RegistrationGate('open', codes).admit('first-code')).toBeUndefined();
  });

  it('lets nobody in when closed', () => {
    expect(() => new RegistrationGate('closed', codes).admit('first-code')).toThrow(
      expect.objectContaining({ code: 'registration-closed' }),
    );
  });

  it('knows each of the codes, and no other, when by invitation', () => {
    const gate = new RegistrationGate('invitation', codes);
    for (const code of codes)
      expect(Buffer.from(gate.admit(` ${code} `)!)).toEqual(createHash('sha256').update(code).digest());
    for (const code of [undefined, '', 'first', 'first-code2', 'FIRST-CODE'])
      expect(() => gate.admit(code)).toThrow(expect.objectContaining({ code: 'invitation-needed' }));
    expect(() => new RegistrationGate('invitation', []).admit('')).toThrow(
      expect.objectContaining({ code: 'invitation-needed' }),
    );
  });
});
