import { S3Client } from '@aws-sdk/client-s3';

export interface S3Endpoint {
  endpoint: string;
  signingRegion: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

const attempts = 3;
const connectMs = 5_000;
/** From the beginning of a request to its answer. */
const answerMs = 120_000;
/** Nothing came or went on a connection for this long. */
const idleMs = 60_000;

/** A client that speaks to this endpoint alone. Retries are few, and wait longer each time. */
export const openClient = ({ endpoint, signingRegion, credentials }: S3Endpoint): S3Client =>
  new S3Client({
    endpoint,
    region: signingRegion,
    // The SDK writes into what it is given, and a configuration is frozen.
    credentials: { ...credentials },
    // Every engine knows paths; names of buckets as hosts need DNS and certificates of their own.
    forcePathStyle: true,
    // Checksums of the SDK's own choice travel in trailers that some engines store as part of the object.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    maxAttempts: attempts,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: idleMs,
    },
  });
