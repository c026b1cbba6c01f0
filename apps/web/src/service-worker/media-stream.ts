/** The words between this worker and the engine of a tab, as `lightbox/serve-media.ts` has them. */
type Word =
  | { kind: 'unknown' }
  | { kind: 'head'; status: number; headers: Record<string, string> }
  | { kind: 'piece'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'end' }
  | { kind: 'failed' };
type Head = Extract<Word, { kind: 'head' }>;

declare const self: ServiceWorkerGlobalScope;

const prefix = '/media/';
/** A tab that says nothing has no engine, or is asleep. */
const patienceMs = 10_000;

export const isMedia = (pathname: string): boolean => pathname.startsWith(prefix);

/**
 * Answers for `/media/TOKEN`: the tab that gave the token out decrypts, and this worker only passes on what it says, as fast
 * as it is read. Nothing is kept.
 */
export async function streamMedia(request: Request, clientId: string): Promise<Response> {
  const token = new URL(request.url).pathname.slice(prefix.length);
  const range = request.headers.get('range');
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const asker = all.find(({ id }) => id === clientId);
  const found =
    (asker && (await ask(asker, { token, range }))) ??
    (await firstOf(all.filter((one) => one !== asker).map((one) => ask(one, { token, range }))));
  // 204: whoever is sent here stays on the page where they are.
  if (!found) return new Response(null, { status: request.mode === 'navigate' ? 204 : 404 });
  const { head, port } = found;
  if (head.status === 416) port.postMessage('cancel');
  return new Response(head.status === 416 ? null : bodyFrom(port), head);
}

interface Found {
  head: Head;
  port: MessagePort;
}

async function ask(client: Client, request: { token: string; range: string | null }): Promise<Found | null> {
  const { port1: port, port2 } = new MessageChannel();
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), patienceMs);
    port.onmessage = ({ data }: MessageEvent<Word>) => {
      clearTimeout(timer);
      resolve(data.kind === 'head' ? { head: data, port } : null);
    };
    client.postMessage({ kind: 'heirloom-media', ...request }, [port2]);
  });
}

const firstOf = async (asked: Promise<Found | null>[]): Promise<Found | null> =>
  await Promise.any(asked.map(async (one) => (await one) ?? Promise.reject(new Error('not here')))).catch(
    () => null,
  );

/** One piece is asked for when there is room for one. */
function bodyFrom(port: MessagePort): ReadableStream<Uint8Array> {
  let settle: ((word: Word) => void) | null = null;
  port.onmessage = ({ data }: MessageEvent<Word>) => settle?.(data);
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const word = await new Promise<Word>((resolve) => {
          settle = resolve;
          port.postMessage('pull');
        });
        if (word.kind === 'piece') controller.enqueue(word.bytes);
        else if (word.kind === 'end') controller.close();
        else controller.error(new TypeError('the original could not be read'));
      },
      cancel: () => port.postMessage('cancel'),
    },
    { highWaterMark: 0 },
  );
}
