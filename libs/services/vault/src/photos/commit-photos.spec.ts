import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealTestObject, sha256, TestVault, type TestPerson } from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
});
afterAll(() => vault[Symbol.asyncDispose]());

describe('committing photos', () => {
  it('stores an object in W locations and answers how many', async () => {
    const { bytes, object, result } = await vault.store(owner);
    expect(result).toMatchObject({ status: 'stored', copies: 2 });
    expect(sha256(bytes)).toBe(object);
  });
});
