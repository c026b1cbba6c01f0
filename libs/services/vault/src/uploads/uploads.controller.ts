import { rowOf } from '@heirloom/access';
import {
  AppError,
  servicePrefix,
  vaultRoutes,
  type AccountId,
  type RouteInput,
  type UploadId,
} from '@heirloom/contracts';
import { OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { discardBody, hasBody, requestBody } from './request-body.ts';
import {
  announceTus,
  readUploadId,
  readUploadLength,
  readUploadOffset,
  requireTus,
  requireTusBody,
  uploadMetadata,
} from './tus.ts';
import { Uploads } from './uploads.ts';

/** tus 1.0.0 over HTTP. Every answer is written here, since its headers are the protocol. */
@Controller()
export class UploadsController {
  constructor(private readonly uploads: Uploads) {}

  @OnRoute(vaultRoutes.uploadOptions)
  async options(
    _input: RouteInput<typeof vaultRoutes.uploadOptions>,
    context: RequestContext,
  ): Promise<void> {
    announceTus(context);
    await context.reply.code(204).send();
  }

  @OnRoute(vaultRoutes.createUpload)
  async create(_input: RouteInput<typeof vaultRoutes.createUpload>, context: RequestContext): Promise<void> {
    await answering(context, async () => {
      const length = readUploadLength(context);
      const id = readUploadId(context);
      const { accountId } = context.person;
      throwUnlessCan(await context.ability(), 'create', rowOf('Upload', { accountId }));
      const brings = hasBody(context.request.raw);
      if (brings) requireTusBody(context);
      const upload = await this.uploads.create(await context.standing(), id, length, context.requestId);
      let offset = await this.uploads.offset(upload);
      // A repeated creation brings the beginning again: it is taken only when nothing of it is there.
      if (brings && offset === 0) offset = await this.#append(accountId, id, 0, context);
      const location = `${servicePrefix.vault}/uploads/${id}`;
      context.reply.code(201).header('Location', location).header('Upload-Offset', String(offset));
    });
  }

  @OnRoute(vaultRoutes.readUpload)
  async read({ params }: RouteInput<typeof vaultRoutes.readUpload>, context: RequestContext): Promise<void> {
    await answering(context, async () => {
      const upload = await this.uploads.find(context.person.accountId, params.uploadId);
      throwUnlessCan(await context.ability(), 'read', rowOf('Upload', upload));
      context.reply
        .code(200)
        .header('Upload-Offset', String(await this.uploads.offset(upload)))
        .header('Upload-Length', String(upload.lengthBytes))
        .header('Upload-Metadata', uploadMetadata(params.uploadId));
    });
  }

  @OnRoute(vaultRoutes.continueUpload)
  async continue(
    { params }: RouteInput<typeof vaultRoutes.continueUpload>,
    context: RequestContext,
  ): Promise<void> {
    await answering(context, async () => {
      requireTusBody(context);
      const { accountId } = context.person;
      throwUnlessCan(await context.ability(), 'update', rowOf('Upload', { accountId }));
      const offset = await this.#append(accountId, params.uploadId, readUploadOffset(context), context);
      context.reply.code(204).header('Upload-Offset', String(offset));
    });
  }

  @OnRoute(vaultRoutes.discardUpload)
  async discard(
    { params }: RouteInput<typeof vaultRoutes.discardUpload>,
    context: RequestContext,
  ): Promise<void> {
    await answering(context, async () => {
      const { accountId } = context.person;
      throwUnlessCan(await context.ability(), 'delete', rowOf('Upload', { accountId }));
      await this.uploads.discard(accountId, params.uploadId);
      context.reply.code(204);
    });
  }

  #append(accountId: AccountId, id: UploadId, offset: number, context: RequestContext): Promise<number> {
    return this.uploads.append(accountId, id, offset, (limitBytes, signal) =>
      requestBody(context.request.raw, limitBytes, AbortSignal.any([signal, context.signal])),
    );
  }
}

/** Runs a handler that sets status and headers, and sends the answer, whatever is left of the request's body. */
async function answering(context: RequestContext, handle: () => Promise<void>): Promise<void> {
  try {
    requireTus(context);
    await handle();
  } catch (error) {
    // The body was left in its middle by someone who still waits for more of it: this connection cannot go on.
    if (error instanceof AppError && isInterruption(error)) context.reply.header('Connection', 'close');
    throw error;
  } finally {
    discardBody(context.request.raw);
  }
  await context.reply.send();
}

const isInterruption = ({ code }: AppError): boolean => code === 'locked' || code === 'timeout';
