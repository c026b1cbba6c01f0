import { describe, expect, it } from '@jest/globals';
import { isNext, releaseNotes, withVersion } from './notes.ts';

const changelog =
  '# Changelog\n\n## Unreleased\n\n### Added\n\n- One thing.\n\n## 0.1.0 — 2026-01-01\n\n- Older.\n';

describe('release notes', () => {
  it('move what is unreleased under the version', () => {
    const notes = releaseNotes(changelog, '0.2.0', '2026-02-01');
    expect(notes).toContain('## Unreleased\n\n## 0.2.0 — 2026-02-01\n\n### Added\n\n- One thing.');
    expect(() => releaseNotes(notes, '0.2.0', '2026-02-01')).toThrow('already');
    expect(() => releaseNotes(notes, '0.3.0', '2026-02-01')).toThrow('Nothing is listed');
  });
});

describe('a version', () => {
  it('follows the one before it, and none is left out', () => {
    expect(['0.1.3', '0.2.0', '1.0.0'].map((next) => isNext('0.1.2', next))).toEqual([true, true, true]);
    for (const other of ['0.1.2', '0.1.1', '0.1.4', '0.2.1', '0.3.0', '2.0.0'])
      expect([other, isNext('0.1.2', other)]).toEqual([other, false]);
  });

  it('is set in our own places alone', () => {
    const text = [
      '  "version": "0.1.0",',
      '    "other": "0.1.0"',
      'image: heirloom/auth:0.1.0',
      'image: postgres:0.1.0',
      '{ name: heirloom/auth, newTag: 0.1.0 }',
      'ARG VERSION=0.1.0',
      '      "name": "@heirloom/auth",',
      '      "version": "0.1.0",',
      '      "name": "@other/auth",',
      '      "version": "0.1.0",',
    ];
    expect(withVersion(text.join('\n'), '0.1.0', '0.2.0').split('\n')).toEqual([
      '  "version": "0.2.0",',
      '    "other": "0.1.0"',
      'image: heirloom/auth:0.2.0',
      'image: postgres:0.1.0',
      '{ name: heirloom/auth, newTag: 0.2.0 }',
      'ARG VERSION=0.2.0',
      '      "name": "@heirloom/auth",',
      '      "version": "0.2.0",',
      '      "name": "@other/auth",',
      '      "version": "0.1.0",',
    ]);
  });
});
