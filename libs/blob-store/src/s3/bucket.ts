import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ByteRange } from '../location.ts';
import { isAnswer } from './errors.ts';

export interface BucketEntry {
  key: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** A multipart upload that is under way. */
export interface OpenUpload {
  key: string;
  uploadId: string;
  startedMs: number;
}

/** A connection that hangs must not hold its caller for ever. For one request and its retries. */
const smallDeadlineMs = 60_000;
/** 8 MiB in this time are 35 kB/s. */
const bodyDeadlineMs = 240_000;

/** The keys of one location in a bucket, and the requests that we make for them. Throws the SDK's errors. */
export class Bucket {
  readonly client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param prefix goes before each key: '' or a path that ends with a slash */
  constructor(client: S3Client, bucket: string, prefix: string) {
    this.client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  /** Parameters that name one key. */
  at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  get name(): string {
    return this.#bucket;
  }

  async head(key: string): Promise<{ sizeBytes: number; etag: string | undefined } | undefined> {
    try {
      const found = await this.client.send(new HeadObjectCommand(this.at(key)), deadline());
      return { sizeBytes: found.ContentLength ?? 0, etag: found.ETag };
    } catch (error) {
      if (isAnswer(error, 404, 'NotFound', 'NoSuchKey')) return undefined;
      throw error;
    }
  }

  /** The bytes as they arrive. The connection is given up when the loop is left. */
  async *get(key: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
    const Range = range ? rangeHeader(range) : undefined;
    const answer = await this.client.send(new GetObjectCommand({ ...this.at(key), Range }));
    yield* answer.Body as unknown as AsyncIterable<Uint8Array>;
  }

  /** All of a small object. */
  async read(key: string, range?: ByteRange): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.get(key, range)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /**
   * Bytes in one request. The SDK hashes a body that it has as a whole and signs the hash (`x-amz-content-sha256`), so
   * that an endpoint refuses a body that was damaged on its way.
   */
  async put(key: string, body: Uint8Array, ifAbsent = false): Promise<void> {
    const condition = ifAbsent ? { IfNoneMatch: '*' } : {};
    const command = new PutObjectCommand({
      ...this.at(key),
      Body: body,
      ContentLength: body.length,
      ...condition,
    });
    await this.client.send(command, deadline(bodyDeadlineMs));
  }

  /** @param etag what the source must still be */
  async copy(from: string, to: string, etag: string | undefined): Promise<void> {
    const source = { CopySource: this.#source(from), CopySourceIfMatch: etag };
    await this.client.send(new CopyObjectCommand({ ...this.at(to), ...source }), deadline(bodyDeadlineMs));
  }

  async delete(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.at(key)), deadline());
  }

  /** Keys below `prefix` that come after `after`, in their order. */
  async *list(prefix: string, after?: string, pageKeys = 1000): AsyncGenerator<BucketEntry> {
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: this.#prefix + prefix,
          StartAfter: after === undefined ? undefined : this.#prefix + after,
          ContinuationToken: token,
          MaxKeys: Math.min(1000, pageKeys),
          // Keys of others may hold what XML cannot.
          EncodingType: 'url',
        }),
        deadline(),
      );
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        const key = decodeKey(Key).slice(this.#prefix.length);
        yield { key, sizeBytes: Size, modifiedMs: LastModified?.getTime() ?? 0 };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async beginUpload(key: string): Promise<string> {
    const { UploadId } = await this.client.send(new CreateMultipartUploadCommand(this.at(key)), deadline());
    if (!UploadId) throw new TypeError('the endpoint began an upload without an id');
    return UploadId;
  }

  async putPart(key: string, UploadId: string, PartNumber: number, body: Uint8Array): Promise<CompletedPart> {
    const command = new UploadPartCommand({
      ...this.at(key),
      UploadId,
      PartNumber,
      Body: body,
      ContentLength: body.length,
    });
    const { ETag } = await this.client.send(command, deadline(bodyDeadlineMs));
    return { PartNumber, ETag };
  }

  /** A part made of what the bucket has already; its bytes do not travel. */
  async copyPart(
    key: string,
    UploadId: string,
    PartNumber: number,
    from: string,
    options: { range?: ByteRange; etag?: string | undefined } = {},
  ): Promise<CompletedPart> {
    const command = new UploadPartCopyCommand({
      ...this.at(key),
      UploadId,
      PartNumber,
      CopySource: this.#source(from),
      CopySourceIfMatch: options.etag,
      CopySourceRange: options.range ? rangeHeader(options.range) : undefined,
    });
    const { CopyPartResult } = await this.client.send(command, deadline(bodyDeadlineMs));
    return { PartNumber, ETag: CopyPartResult?.ETag };
  }

  async completeUpload(key: string, UploadId: string, Parts: CompletedPart[]): Promise<void> {
    const command = new CompleteMultipartUploadCommand({
      ...this.at(key),
      UploadId,
      MultipartUpload: { Parts },
    });
    await this.client.send(command, deadline(bodyDeadlineMs));
  }

  /** Does nothing when there is none (any more). */
  async abortUpload(key: string, UploadId: string): Promise<void> {
    try {
      await this.client.send(new AbortMultipartUploadCommand({ ...this.at(key), UploadId }), deadline());
    } catch (error) {
      if (!isAnswer(error, 404, 'NoSuchUpload')) throw error;
    }
  }

  async *openUploads(prefix: string): AsyncGenerator<OpenUpload> {
    let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
    while (marker) {
      const page: ListMultipartUploadsCommandOutput = await this.client.send(
        new ListMultipartUploadsCommand({
          Bucket: this.#bucket,
          Prefix: this.#prefix + prefix,
          EncodingType: 'url',
          ...marker,
        }),
        deadline(),
      );
      for (const { Key = '', UploadId = '', Initiated } of page.Uploads ?? []) {
        const key = decodeKey(Key).slice(this.#prefix.length);
        yield { key, uploadId: UploadId, startedMs: Initiated?.getTime() ?? Date.now() };
      }
      const { NextKeyMarker, NextUploadIdMarker } = page;
      marker = page.IsTruncated
        ? { KeyMarker: decodeKey(NextKeyMarker ?? ''), UploadIdMarker: NextUploadIdMarker }
        : undefined;
    }
  }

  #source(key: string): string {
    return encodeURI(`${this.#bucket}/${this.#prefix}${key}`);
  }
}

export const deadline = (ms = smallDeadlineMs): { abortSignal: AbortSignal } => ({
  abortSignal: AbortSignal.timeout(ms),
});

const rangeHeader = ({ offset, length }: ByteRange): string => `bytes=${offset}-${offset + length - 1}`;

/** As in a query: a space comes as a plus. */
const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));
