import { describe, expect, it } from '@jest/globals';
import { needlesFor } from './encodings.ts';

const secret = 'Tante Erna, Kühlungsborn';
const hides: [string, (bytes: Buffer) => Buffer][] = [
  ['as it is', (b) => b],
  ['in hex', (b) => Buffer.from(b.toString('hex'))],
  ['in base64', (b) => Buffer.from(b.toString('base64'))],
  ['in base64url', (b) => Buffer.from(b.toString('base64url'))],
  ['in UTF-16, little end first', (b) => Buffer.from(b.toString('utf8'), 'utf16le')],
  ['in UTF-16, big end first', (b) => Buffer.from(b.toString('utf8'), 'utf16le').swap16()],
];

describe('needles', () => {
  it.each(hides)('find a canary %s, wherever it begins', (_how, hide) => {
    for (let before = 0; before < 7; before += 1) {
      const haystack = hide(Buffer.from(`${'x'.repeat(before)}${secret} and more`));
      expect(needlesFor('name', secret).some((needle) => haystack.includes(needle.bytes))).toBe(true);
    }
  });

  it('find nothing where nothing is', () => {
    const haystack = Buffer.from(`an innocent text, ${Buffer.from('another one').toString('base64')}`);
    expect(needlesFor('name', secret).some((needle) => haystack.includes(needle.bytes))).toBe(false);
  });
});
