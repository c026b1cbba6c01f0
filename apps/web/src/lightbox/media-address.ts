import { proxy, transfer } from 'comlink';
import { goToAttachment } from '../app/leaving.ts';
import { saveFrom } from '../app/save-file.ts';
import { EngineError, type PlainError } from '../engine/errors.ts';
import { ask } from '../engine/use-engine.ts';
import type { PhotoRef } from '../media/photo-list.ts';
import type { MediaUse } from './lightbox-engine.ts';

/** How long a first visit waits for its service worker. */
const patienceMs = 5_000;
/** The browser lets a service worker sleep that hears nothing; a long download must not end by that. */
const wakeMs = 15_000;

/** The tab's side of `/media/TOKEN`: hands the service worker's questions on to the engine. */
navigator.serviceWorker?.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
  const { kind, token, range } = (data ?? {}) as { kind?: unknown; token?: string; range?: string | null };
  const [port] = ports;
  if (kind !== 'heirloom-media' || typeof token !== 'string' || !port) return;
  ask((engine) => engine.lightbox.serve({ token, range: range ?? null }, transfer(port, [port]))).catch(() =>
    port.postMessage({ kind: 'unknown' }),
  );
});

/** Whether a service worker answers for this page, after a moment of waiting for one that is being installed. */
export async function hasServiceWorker(): Promise<boolean> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return false;
  if (serviceWorker.controller) return true;
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs);
    serviceWorker.addEventListener(
      'controllerchange',
      () => {
        clearTimeout(timer);
        resolve(true);
      },
      { once: true },
    );
  });
}

export interface MediaAddress {
  url: string;
  /** Ends it: nothing answers under this address any more. */
  close: () => void;
}

/**
 * An address under which this tab has a photo's original: by pieces through the service worker, or as a whole in memory
 * where there is none and the file is small.
 * @param onFault - hears why reading stopped in the middle
 * @throws EngineError `too-large` where there is no service worker, or what the engine says
 */
export async function openAddress(
  ref: PhotoRef,
  use: MediaUse,
  onFault: (fault: EngineError) => void,
): Promise<MediaAddress> {
  if (!(await hasServiceWorker())) {
    const url = URL.createObjectURL(await ask((engine) => engine.lightbox.original(ref)));
    return { url, close: () => URL.revokeObjectURL(url) };
  }
  const hear = proxy((fault: PlainError) => onFault(new EngineError(fault)));
  const token = await ask((engine) => engine.lightbox.openMedia(ref, use, hear));
  return streamAddress(token, () => ask((engine) => engine.lightbox.closeMedia(token)));
}

/** The address of what this tab reads out piece by piece. The service worker is kept awake for it. */
export function streamAddress(token: string, end: () => Promise<void>): MediaAddress {
  const timer = setInterval(() => navigator.serviceWorker.controller?.postMessage('awake'), wakeMs);
  return {
    url: `/media/${token}`,
    close: () => {
      clearInterval(timer);
      void end();
    },
  };
}

/** How long a download may go on; then its address is gone. */
const downloadMs = 6 * 3600_000;

/**
 * Saves the original, identical byte for byte, as the browser saves files. Large ones go to the disk piece by piece.
 * @param onFault - hears why it stopped; the browser then shows the file as failed
 */
export async function downloadPhoto(
  ref: PhotoRef,
  name: string,
  onFault: (fault: EngineError) => void,
): Promise<void> {
  const { url, close } = await openAddress(ref, 'download', (fault) => {
    close();
    onFault(fault);
  });
  // A link to save would pass the service worker by; going to an attachment leaves the page where it is.
  if (url.startsWith('/')) goToAttachment(url);
  else saveFrom(url, name);
  setTimeout(close, downloadMs);
}
