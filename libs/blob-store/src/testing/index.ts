export { TestBucket, type TestBucketOptions } from './bucket.ts';
export { CephRgw, type CephOptions, type CephUser } from './ceph-rgw.ts';
export { memoryGauge } from './memory-gauge.ts';
