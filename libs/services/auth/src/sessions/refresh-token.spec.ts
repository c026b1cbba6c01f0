import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { firstToken, nextToken, readToken } from './refresh-token.ts';

describe('refresh tokens', () => {
  it('are 48 random bytes and known by their SHA-256', () => {
    const token = firstToken();
    const bytes = Buffer.from(token.text, 'base64url');
    expect(bytes).toHaveLength(48);
    expect(Buffer.from(token.hash)).toEqual(createHash('sha256').update(bytes).digest());
    expect(firstToken().text).not.toBe(token.text);
  });

  it('of one session share their line and nothing else', () => {
    const first = firstToken();
    const second = nextToken(first);
    expect(second.lineHash).toEqual(first.lineHash);
    expect(second.hash).not.toEqual(first.hash);
    expect(second.text.slice(0, 21)).toBe(first.text.slice(0, 21));
    expect(second.text.slice(-42)).not.toBe(first.text.slice(-42));
    expect(firstToken().lineHash).not.toEqual(first.lineHash);
  });

  it('are read back, and nothing else is', () => {
    const token = firstToken();
    expect(readToken(token.text)).toEqual(token);
    for (const text of [
      '',
      'a',
      token.text.slice(1),
      `${token.text}A`,
      `${token.text}=`,
      ` ${token.text.slice(1)}`,
    ])
      expect(readToken(text)).toBeUndefined();
  });
});
