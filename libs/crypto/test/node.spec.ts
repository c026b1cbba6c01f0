import { describe, expect, it } from '@jest/globals';
import { webPorts } from '../src/index.ts';
import { suite } from './suite.ts';
import { vectorFiles } from './vector-files.ts';

const files = vectorFiles();

describe('libs/crypto in Node with WebCrypto', () => {
  it.each(suite({ ...files, ports: webPorts }))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

it('the published vectors are complete where they are at hand', () => {
  const { cobblestone, hpke } = files.published;
  const cases = cobblestone?.testGroups.flatMap((group) => group.tests).length;
  expect(cases).toBe(cobblestone?.numberOfTests);
  if (hpke) expect(hpke.filter((test) => test.kem_id === 0x647a)).toHaveLength(2);
});
