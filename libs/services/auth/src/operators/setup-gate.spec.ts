import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { SetupGate } from './setup-gate.ts';

const token = 'a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9';
const refused = expect.objectContaining({ code: 'setup-token-invalid' }) as unknown as Error;

describe('the setup gate', () => {
  it('admits the token, with the blanks of a copied line, and answers its SHA-256', () => {
    const hash = createHash('sha256').update(token).digest();
    for (const text of [token, ` ${token}\n`])
      expect(Buffer.from(new SetupGate(token).admit(text))).toEqual(hash);
  });

  it('refuses every other one', () => {
    for (const text of ['', 'x', token.slice(1), `${token}0`, token.toUpperCase()])
      expect(() => new SetupGate(token).admit(text)).toThrow(refused);
  });

  it('admits nobody where there is no token', () => {
    for (const text of ['', 'undefined', token])
      expect(() => new SetupGate(undefined).admit(text)).toThrow(refused);
  });
});
