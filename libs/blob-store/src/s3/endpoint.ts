import { createHash } from 'node:crypto';
import {
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { newId } from '@heirloom/contracts';
import { temporaryPath } from '../files/paths.ts';
import { deadline, type Bucket } from './bucket.ts';
import { hasName, isAnswer } from './errors.ts';

/** What an endpoint really does; undefined where it did not say. */
export interface EndpointFacts {
  /** A body that is not the one whose hash was signed is refused. */
  refusesWrongBody: boolean;
  /** A wrong `x-amz-checksum-sha256` is refused too. */
  verifiesChecksums: boolean;
  /** `If-None-Match: *` keeps an object from being overwritten. */
  putsConditionally: boolean;
  keepsVersions: boolean | undefined;
  locksObjects: boolean | undefined;
}

/** Tries it out with small objects in `tmp/`, and removes them. Throws the SDK's errors when it cannot write at all. */
export async function probeEndpoint(bucket: Bucket): Promise<EndpointFacts> {
  const key = temporaryPath('probe', newId());
  try {
    await bucket.put(key, bytesOf('right'));
    return {
      refusesWrongBody: await isRefused(400, () => putWith(bucket, key, { wrongHash: true })),
      verifiesChecksums: await isRefused(400, () => putWith(bucket, key, { wrongChecksum: true })),
      putsConditionally: await isRefused(412, () => bucket.put(key, bytesOf('again'), true)),
      keepsVersions: await keepsVersions(bucket),
      locksObjects: await locksObjects(bucket),
    };
  } finally {
    await bucket.delete(key).catch(() => undefined);
  }
}

/** The facts in words for an operator. */
export function describeEndpoint(facts: EndpointFacts): string[] {
  return [
    facts.refusesWrongBody
      ? 'a body that is damaged on its way is refused'
      : 'a wrong body is not refused, so every object is read back after it was stored',
    `checksum headers are ${facts.verifiesChecksums ? 'verified' : 'ignored'}`,
    `conditional puts are ${facts.putsConditionally ? 'honoured' : 'ignored'}`,
    `versioning: ${inWords(facts.keepsVersions)}`,
    `object lock: ${inWords(facts.locksObjects)}`,
  ];
}

const inWords = (fact: boolean | undefined): string => (fact === undefined ? 'unknown' : fact ? 'on' : 'off');

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function isRefused(status: number, attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return false;
  } catch (error) {
    if (isAnswer(error, status)) return true;
    // An endpoint that does not know the header at all.
    if (isAnswer(error, 501, 'NotImplemented')) return false;
    throw error;
  }
}

async function putWith(
  bucket: Bucket,
  key: string,
  { wrongHash = false, wrongChecksum = false },
): Promise<void> {
  const other = createHash('sha256').update('other bytes').digest();
  const body = bytesOf('some bytes');
  const command = new PutObjectCommand({
    ...bucket.at(key),
    Body: body,
    ContentLength: body.length,
    ChecksumSHA256: wrongChecksum ? other.toString('base64') : undefined,
  });
  if (wrongHash) {
    command.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        headers['x-amz-content-sha256'] = other.toString('hex');
        return next(args);
      },
      { step: 'build', name: 'signAnotherHash' },
    );
  }
  await bucket.client.send(command, deadline());
}

async function keepsVersions({ client, name }: Bucket): Promise<boolean | undefined> {
  try {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: name }), deadline());
    return Status === 'Enabled';
  } catch {
    return undefined;
  }
}

async function locksObjects({ client, name }: Bucket): Promise<boolean | undefined> {
  try {
    const command = new GetObjectLockConfigurationCommand({ Bucket: name });
    const { ObjectLockConfiguration } = await client.send(command, deadline());
    return ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  } catch (error) {
    return hasName(error, 'ObjectLockConfigurationNotFoundError') ? false : undefined;
  }
}
