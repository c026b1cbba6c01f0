import { staffEvents, type Http } from '@heirloom/client';
import { AppError, type StaffTopic } from '@heirloom/contracts';

const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** A stream that ended with its access token is opened again before anybody needs to read of it. */
const graceMs = 2_000;

export interface EventHearer {
  signal: AbortSignal;
  onTopics: (topics: readonly StaffTopic[]) => void;
  onOpen: () => void;
  onCut: () => void;
  /** The server takes this session no longer. */
  onEnd: () => void;
}

/** Hears the server's events until the signal, opening the stream again whenever it ends. */
export async function listenToEvents(http: Http, hearer: EventHearer): Promise<void> {
  const { signal, onTopics, onOpen, onCut, onEnd } = hearer;
  let pauseMs = firstPauseMs;
  let grace: ReturnType<typeof setTimeout> | undefined;
  const opened = () => {
    clearTimeout(grace);
    grace = undefined;
    pauseMs = firstPauseMs;
    onOpen();
  };
  while (!signal.aborted) {
    try {
      for await (const topics of staffEvents(http, { signal, onOpen: opened })) onTopics(topics);
    } catch (error) {
      if (error instanceof AppError && error.status === 401) return onEnd();
    }
    if (signal.aborted) break;
    grace ??= setTimeout(onCut, graceMs);
    await pause(pauseMs, signal);
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
  }
  clearTimeout(grace);
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
