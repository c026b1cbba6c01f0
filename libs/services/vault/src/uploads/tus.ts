import { AppError, limits, uploadId, type UploadId } from '@heirloom/contracts';
import type { RequestContext } from '@heirloom/service-kit';

/** tus.io/protocols/resumable-upload: the version and the extensions that are spoken here. */
const tusVersion = '1.0.0';
const tusExtensions = 'creation,creation-with-upload,termination';
export const tusContentType = 'application/offset+octet-stream';

type Context = Pick<RequestContext, 'header' | 'reply'>;

/** Says what this server can do: the answer to OPTIONS. */
export function announceTus({ reply }: Context): void {
  reply
    .header('Tus-Resumable', tusVersion)
    .header('Tus-Version', tusVersion)
    .header('Tus-Extension', tusExtensions)
    .header('Tus-Max-Size', String(limits.objectBytes));
}

/** @throws AppError `tus-version` unless the client speaks this version. */
export function requireTus(context: Context): void {
  context.reply.header('Tus-Resumable', tusVersion).header('Cache-Control', 'no-store');
  if (context.header('tus-resumable') === tusVersion) return;
  context.reply.header('Tus-Version', tusVersion);
  throw new AppError('tus-version');
}

/** @throws AppError `media-type` */
export function requireTusBody(context: Context): void {
  if (context.header('content-type') !== tusContentType) {
    throw new AppError('media-type', {
      detail: `This server expects the content type ${tusContentType} here.`,
    });
  }
}

/** @throws AppError `bad-request`, `too-large` */
export function readUploadLength(context: Context): number {
  if (context.header('upload-defer-length') !== undefined) {
    throw new AppError('bad-request', { detail: 'The length of an upload must be known when it begins.' });
  }
  const length = readCount(context.header('upload-length'), 'Upload-Length');
  if (length === 0) throw new AppError('bad-request', { detail: 'An upload cannot be empty.' });
  if (length > limits.objectBytes) throw new AppError('too-large');
  return length;
}

/** @throws AppError `bad-request` */
export const readUploadOffset = (context: Context): number =>
  readCount(context.header('upload-offset'), 'Upload-Offset');

/**
 * The upload's id from `Upload-Metadata`. Other keys are refused: a client that sent a file name along would tell the
 * server what it must not know.
 *
 * @throws AppError `bad-request`
 */
export function readUploadId(context: Context): UploadId {
  const [key, value, ...rest] = (context.header('upload-metadata') ?? '').trim().split(/[ ,]+/);
  if (key === 'id' && value && rest.length === 0) {
    const parsed = uploadId.safeParse(Buffer.from(value, 'base64').toString('latin1'));
    if (parsed.success) return parsed.data;
  }
  throw new AppError('bad-request', {
    detail: 'Upload-Metadata must hold the id of the upload and nothing else.',
  });
}

export const uploadMetadata = (id: UploadId): string => `id ${Buffer.from(id).toString('base64')}`;

function readCount(text: string | undefined, name: string): number {
  if (text && /^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError('bad-request', { detail: `${name} must be a whole number.` });
}
