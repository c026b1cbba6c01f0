import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { Bucket } from '../s3/bucket.ts';
import { openClient } from '../s3/client.ts';

export interface TestBucketOptions {
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  bucket: string;
  prefix?: string;
}

/** What a test may do in a bucket besides what locations do. */
export class TestBucket {
  readonly #bucket: Bucket;

  private constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  /** Makes the bucket unless it is there. */
  static async make({ endpoint, credentials, bucket, prefix = '' }: TestBucketOptions): Promise<TestBucket> {
    const client = openClient({ endpoint, credentials, signingRegion: 'us-east-1' });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return new TestBucket(new Bucket(client, bucket, prefix));
  }

  get(key: string): Promise<Uint8Array> {
    return this.#bucket.read(key);
  }

  put(key: string, bytes: Uint8Array): Promise<void> {
    return this.#bucket.put(key, bytes);
  }

  delete(key: string): Promise<void> {
    return this.#bucket.delete(key);
  }

  async keys(prefix = ''): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.#bucket.list(prefix)) keys.push(key);
    return keys;
  }

  /** Begins a multipart upload and forgets it, as a process does that is killed. */
  async abandonUpload(key: string, bytes: Uint8Array): Promise<void> {
    await this.#bucket.putPart(key, await this.#bucket.beginUpload(key), 1, bytes);
  }

  async openUploads(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.#bucket.openUploads('')) keys.push(key);
    return keys;
  }

  /** Lets another user of the gateway read and list, and nothing else: what the integrity checker's keys may do. */
  async allowReading(user: string): Promise<void> {
    const { client, name } = this.#bucket;
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: [`arn:aws:iam:::user/${user}`] },
      Action: ['s3:GetObject', 's3:ListBucket'],
      Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await client.send(new PutBucketPolicyCommand({ Bucket: name, Policy }));
  }

  async clear(): Promise<void> {
    for (const key of await this.keys()) await this.delete(key);
  }
}
