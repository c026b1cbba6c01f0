import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { webPorts } from '../src/index.ts';
import { flipBit, hex, sample } from './check.ts';
import { library, make } from './object-samples.ts';
import { vectorFiles } from './vector-files.ts';

const reader = fileURLToPath(new URL('../vectors/plain-reader.mjs', import.meta.url));

describe('a reader written from docs/FORMAT.md alone', () => {
  const read = (object: Uint8Array, label: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'heirloom-object-'));
    try {
      const file = join(folder, 'object');
      writeFileSync(file, object);
      return new Uint8Array(
        execFileSync(process.execPath, [reader, file, hex(library.key), label], {
          maxBuffer: 2 ** 24,
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('opens what this library seals, and nothing that was changed', async () => {
    const input = { ...vectorFiles(), ports: webPorts };
    const { bytes } = await make(sample(1_100_000), input);
    expect(read(bytes, 'original')).toEqual(sample(1_100_000));
    expect(read(bytes, 'thumbnail')).toEqual(sample(700));
    expect(() => read(flipBit(bytes, 8 * 100_000), 'original')).toThrow();
    expect(() => read(flipBit(bytes, 8 * (bytes.length - 300)), 'thumbnail')).toThrow();
  });
});
