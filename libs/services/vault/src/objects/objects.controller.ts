import type { ByteRange, Location } from '@heirloom/blob-store';
import { AppError, vaultRoutes, type ObjectName, type RouteInput } from '@heirloom/contracts';
import { OnRoute, sendStream, type RequestContext } from '@heirloom/service-kit';
import { Controller, Logger } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { readable } from '../database/readable.ts';
import { Locations } from '../locations/locations.ts';
import { shuffled } from '../locations/shuffled.ts';
import { isShown } from '../trash/in-trash.ts';
import { namesTag, parseRange } from './byte-range.ts';
import { readCopies, type StoredCopies } from './read-copies.ts';

@Controller()
export class ObjectsController {
  readonly #log = new Logger(ObjectsController.name);

  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
  ) {}

  @OnRoute(vaultRoutes.readObject)
  async read({ params }: RouteInput<typeof vaultRoutes.readObject>, context: RequestContext): Promise<void> {
    const object = await this.#find(params.versionId, context);
    const { reply } = context;
    const tag = `"${object.name}"`;
    const caching = { ETag: tag, 'Cache-Control': 'private, max-age=31536000, immutable' };
    if (namesTag(context.header('if-none-match'), tag)) {
      await reply.code(304).headers(caching).send();
      return;
    }
    const range = rangeOf(context, object.sizeBytes, tag);
    const whole = { offset: 0, length: object.sizeBytes };
    const body = await this.#open(object, range ?? whole);
    reply
      .code(range ? 206 : 200)
      .headers(caching)
      .header('Accept-Ranges', 'bytes')
      .header('Content-Type', 'application/octet-stream')
      .header('Content-Length', String((range ?? whole).length));
    if (range) reply.header('Content-Range', contentRange(range, object.sizeBytes));
    await sendStream(body, context);
  }

  async #find(versionId: string, context: RequestContext): Promise<StoredCopies> {
    const row = await this.db.version.findFirst({
      where: { AND: [readable(await context.ability(), 'Version'), isShown, { id: versionId }] },
      select: {
        objectName: true,
        object: {
          select: {
            sizeBytes: true,
            replicas: { where: { state: 'present' }, select: { locationId: true } },
          },
        },
      },
    });
    if (!row) throw new AppError('not-found');
    const locations = row.object.replicas.flatMap(({ locationId }) => this.locations.find(locationId) ?? []);
    return {
      name: row.objectName as ObjectName,
      sizeBytes: Number(row.object.sizeBytes),
      locations: shuffled(locations),
    };
  }

  /** Waits for the first bytes, so that a failure before them can still be answered as one. */
  async #open(object: StoredCopies, range: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const bytes = readCopies(object, range, (location, err) => this.#warn(object, location, err));
    return beginningWith(await bytes.next(), bytes);
  }

  #warn({ name }: StoredCopies, { id }: Location, err: unknown): void {
    this.#log.warn({ err, object: name, location: id }, 'a copy could not be read, another one is tried');
  }
}

/**
 * An iterator with its first result put back. Unlike a generator around it, closing it before its first use closes
 * what it stands for.
 */
function beginningWith<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncIterableIterator<T> {
  let unread: IteratorResult<T> | undefined = first;
  return {
    next: () => {
      const result = unread;
      unread = undefined;
      return result ? Promise.resolve(result) : rest.next();
    },
    return: () => rest.return(undefined),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function rangeOf(context: RequestContext, sizeBytes: number, tag: string): ByteRange | undefined {
  const condition = context.header('if-range');
  if (condition !== undefined && condition !== tag) return undefined;
  try {
    return parseRange(context.header('range'), sizeBytes);
  } catch (error) {
    context.reply.header('Content-Range', `bytes */${sizeBytes}`);
    throw error;
  }
}

const contentRange = ({ offset, length }: ByteRange, sizeBytes: number): string =>
  `bytes ${offset}-${offset + length - 1}/${sizeBytes}`;
