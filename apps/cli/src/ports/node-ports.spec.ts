import { suite, vectorFiles } from '@heirloom/crypto/testing';
import { describe, expect, it } from '@jest/globals';
import { nodePorts } from './node-ports.ts';

describe('libs/crypto in Node with node:crypto', () => {
  it.each(suite({ ...vectorFiles(), ports: nodePorts }))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  it('refuses what is too short to hold a tag', async () => {
    const cipher = await nodePorts.aead(new Uint8Array(32));
    expect(() => cipher.open(new Uint8Array(12), new Uint8Array(15), new Uint8Array())).toThrow(RangeError);
  });
});
