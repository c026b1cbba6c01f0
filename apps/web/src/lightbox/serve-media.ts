import { downloadOriginal, readOriginalRange, shortPatience, type IndexedPhoto } from '@heirloom/client';
import { answerRange } from './byte-range.ts';
import type { MediaAnswer, Reader, Served } from './media-tokens.ts';
import { filmTypeOf } from './shown-types.ts';

/** What the service worker says on a port: the next piece is wanted, or nothing more is. */
export type MediaWish = 'pull' | 'cancel';

/** What it hears: first the head, or that the address is not one of this tab; then pieces for each pull. */
export type MediaWord =
  | { kind: 'unknown' }
  | { kind: 'head'; status: number; headers: Record<string, string> }
  | { kind: 'piece'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'end' }
  | { kind: 'failed' };

/** Whatever the bytes are, opened by themselves they are nothing that runs. */
const inert = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** RFC 6266 and RFC 8187. */
const attachment = (name: string): string => {
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
};

/** The head of a file to save, under any name. @param sizeBytes - null where it is known only in the end */
export const savedAs = (name: string, sizeBytes: number | null): Pick<MediaAnswer, 'status' | 'headers'> => ({
  status: 200,
  headers: {
    ...inert,
    'content-type': 'application/octet-stream',
    'content-disposition': attachment(name),
    ...(sizeBytes === null ? {} : { 'content-length': String(sizeBytes) }),
  },
});

/** The whole original, to save. */
export const answerDownload =
  (photo: IndexedPhoto): Served['answer'] =>
  (vault, _range, signal) => ({
    ...savedAs(photo.metadata?.name ?? photo.photo, photo.metadata?.size ?? 0),
    body: downloadOriginal(vault, photo, { signal }),
  });

/** Pieces of a film, for a player. */
export const answerFilm =
  (photo: IndexedPhoto): Served['answer'] =>
  (vault, range, signal) => {
    const size = photo.metadata?.size ?? 0;
    const type = filmTypeOf(photo.metadata?.mediaType);
    const headers = { ...inert, 'accept-ranges': 'bytes', 'content-type': type };
    const answer = answerRange(range, size);
    if (answer.status === 416)
      return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` }, body: null };
    const { status, start, end } = answer;
    const ranged: Record<string, string> =
      status === 206 ? { 'content-range': `bytes ${start}-${end - 1}/${size}` } : {};
    return {
      status,
      headers: { ...headers, ...ranged, 'content-length': String(end - start) },
      body: readOriginalRange(vault, photo, start, end, { signal, patience: shortPatience }),
    };
  };

/**
 * Answers one request of the service worker on its port. Nothing is read before it is wanted, and leaving stops the reading.
 */
export function serveMedia(port: MessagePort, served: Served, vault: Reader, range: string | null): void {
  const stop = new AbortController();
  const say = (word: MediaWord, moved: Transferable[] = []) => port.postMessage(word, moved);
  const { status, headers, body } = served.answer(vault, range, stop.signal);
  const end = (word?: MediaWord) => {
    if (word) say(word);
    port.close();
  };
  const pull = async () => {
    try {
      const next = await body?.next();
      if (!next || next.done) return end({ kind: 'end' });
      const bytes = next.value.slice();
      say({ kind: 'piece', bytes }, [bytes.buffer]);
    } catch (error) {
      if (stop.signal.aborted) return;
      served.onFault(error);
      end({ kind: 'failed' });
    }
  };
  port.onmessage = ({ data }: MessageEvent<MediaWish>) => {
    if (data === 'pull') return void pull();
    stop.abort();
    void body?.return(undefined).catch(() => undefined);
    end();
  };
  say({ kind: 'head', status, headers });
}
