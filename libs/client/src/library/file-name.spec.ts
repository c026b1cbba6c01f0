import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numbered, safeFileName } from './file-name.ts';

describe('safeFileName', () => {
  it.each([
    ['IMG_2682.heic', 'IMG_2682.heic'],
    ['Oma & Opa (1974).jpg', 'Oma & Opa (1974).jpg'],
    ['Ærø sommer 🌞.jpg', 'Ærø sommer 🌞.jpg'],
    ['../../etc/passwd', '___.._etc_passwd'],
    ['/etc/passwd', '_etc_passwd'],
    ['..', '__'],
    ['.bashrc', '_bashrc'],
    ['', 'photo'],
    ['   ', 'photo'],
    ['a\nb\u001b[31m.jpg', 'a_b_[31m.jpg'],
    ['gpj.exe\u202e.jpg', 'gpj.exe_.jpg'],
    ['C:\\Windows\\x.jpg', 'C__Windows_x.jpg'],
    ['nul.jpg', '_nul.jpg'],
    ['trailing. ', 'trailing'],
  ])('writes %j as %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  const names = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc
      .array(fc.constantFrom('.', '/', '\\', '..', ' ', '\0', 'a', 'é', '🌞', '\ud800'), { maxLength: 300 })
      .map((p) => p.join('')),
  );

  it('is always one harmless name inside its folder', () => {
    fc.assert(
      fc.property(names, (name) => {
        const safe = safeFileName(name);
        expect(path.dirname(path.resolve('/to', safe))).toBe('/to');
        expect(path.win32.basename(safe)).toBe(safe);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
        expect(safe.length).toBeGreaterThan(0);
        expect(safe.startsWith('.')).toBe(false);
        expect(safe.isWellFormed()).toBe(true);
        expect(/\p{Cc}/u.test(safe)).toBe(false);
      }),
    );
  });

  it('changes nothing a second time', () => {
    fc.assert(
      fc.property(names, (name) => expect(safeFileName(safeFileName(name))).toBe(safeFileName(name))),
    );
  });
});

describe('numbered', () => {
  it('counts before the extension', () => {
    expect([1, 2, 3].map((n) => numbered('beach.jpg', n))).toEqual([
      'beach.jpg',
      'beach (2).jpg',
      'beach (3).jpg',
    ]);
    expect(numbered('README', 2)).toBe('README (2)');
  });

  it('keeps names apart and short, however long they are', () => {
    const long = `${'é'.repeat(200)}.jpg`;
    const all = [1, 2, 10, 100].map((n) => numbered(long, n));
    expect(new Set(all).size).toBe(4);
    for (const name of all) {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      expect(name.endsWith('.jpg')).toBe(true);
    }
  });
});
