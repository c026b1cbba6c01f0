/** What may have changed. A page that shows it asks again; every open tab hears it. */
export const topics = [
  'session',
  'timeline',
  'albums',
  'family',
  'uploads',
  'safety',
  'notices',
  'connection',
] as const;
export type Topic = (typeof topics)[number];

const channelName = 'heirloom-changes';

export interface Changes {
  /** Tells all tabs, this one too. */
  tell(...changed: Topic[]): void;
  /** @returns what ends it */
  listen(hear: (changed: readonly Topic[]) => void): () => void;
}

/** The tabs' common channel. A BroadcastChannel does not speak to itself, so each side has one of its own. */
export function openChanges(): Changes {
  const channel = new BroadcastChannel(channelName);
  return {
    tell: (...changed) => channel.postMessage(changed),
    listen: (hear) => {
      const listener = ({ data }: MessageEvent<readonly Topic[]>) => hear(data);
      channel.addEventListener('message', listener);
      return () => channel.removeEventListener('message', listener);
    },
  };
}
