import { afterAll, beforeAll } from '@jest/globals';
import { describeLocation } from '../test/conformance.ts';
import { initialiseLocation, locationConfig, openLocation } from './index.ts';
import { CephRgw, TestBucket, type CephUser } from './testing/index.ts';

let ceph: CephRgw;
let user: CephUser;
beforeAll(async () => {
  ceph = await CephRgw.start();
  user = await ceph.addUser('family');
});
afterAll(() => ceph[Symbol.asyncDispose]());

let count = 0;

/** Each location in a bucket of its own, or below a prefix of one that others use too. */
for (const prefix of ['', 'photos/of-us/']) {
  describeLocation(
    `a bucket of Ceph's gateway ${prefix && 'below a prefix'}`,
    async () => {
      const bucket = `bucket-${++count}`;
      const { endpoint } = ceph;
      const config = locationConfig.parse({ id: 'cloud', driver: 's3', endpoint, bucket, prefix });
      const inside = await TestBucket.make({ endpoint, bucket, prefix, credentials: user });
      const credentials = { default: user };
      await initialiseLocation(config, credentials);
      return {
        location: openLocation(config, credentials),
        reopen: async () => openLocation(config, credentials),
        plant: (path, bytes) => inside.put(`objects/${path}`, bytes),
        quarantined: async () => {
          const keys = await inside.keys('quarantine/');
          const read = async (key: string) => [key, new Uint8Array(await inside.get(key))] as const;
          return Object.fromEntries(await Promise.all(keys.map(read)));
        },
        isInMemory: false,
        dispose: () => inside.clear(),
      };
    },
    { crash: false },
  );
}
