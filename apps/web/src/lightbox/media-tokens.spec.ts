import { describe, expect, it } from '@jest/globals';
import { MediaTokens } from './media-tokens.ts';

const served = {
  answer: () => ({ status: 200, headers: {}, body: null }),
  onFault: () => undefined,
};
const hourMs = 3600_000;

describe('addresses of films', () => {
  it('cannot be guessed, and lead to what they were given out for', () => {
    const tokens = new MediaTokens();
    const [one, other] = [tokens.issue(served), tokens.issue(served)];
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(other).not.toBe(one);
    expect(tokens.find(one)?.answer).toBe(served.answer);
    expect(tokens.find(`${one}x`)).toBeNull();
  });

  it('are gone when they are closed, and all of them when it locks', () => {
    const tokens = new MediaTokens();
    const [one, other] = [tokens.issue(served), tokens.issue(served)];
    tokens.revoke(one);
    expect(tokens.find(one)).toBeNull();
    expect(tokens.find(other)).not.toBeNull();
    tokens.clear();
    expect(tokens.find(other)).toBeNull();
  });

  it('are gone when nobody has used them for half a day', () => {
    let now = 0;
    const tokens = new MediaTokens(() => now);
    const [used, idle] = [tokens.issue(served), tokens.issue(served)];
    now = 11 * hourMs;
    expect(tokens.find(used)).not.toBeNull();
    now = 13 * hourMs;
    expect(tokens.find(idle)).toBeNull();
    expect(tokens.find(used)).not.toBeNull();
  });
});
