import { idleUploads, type LiveUploads } from './queued-file.ts';

const channelName = 'heirloom-uploads';
const restMs = 250;

type Said = { kind: 'live'; live: LiveUploads } | { kind: 'ask' };

/** What the tab that uploads says of it; all tabs hear it. */
export class LiveReport {
  #live: LiveUploads = idleUploads;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isSpeaker = false;
  readonly #channel = new BroadcastChannel(channelName);

  constructor() {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
      if (data.kind === 'ask' && this.#isSpeaker) this.#say();
    });
  }

  get live(): LiveUploads {
    return this.#live;
  }

  /** Changes of a phase are told at once, the rest a few times a second. */
  set(change: Partial<LiveUploads>): void {
    const isUrgent = change.phase !== undefined && change.phase !== this.#live.phase;
    this.#live = { ...this.#live, ...change };
    this.#isSpeaker = true;
    if (isUrgent) this.#say();
    else this.#timer ??= setTimeout(() => this.#say(), restMs);
  }

  /** Another tab speaks from now on. */
  handOver(): void {
    this.#isSpeaker = false;
  }

  #say(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#channel.postMessage({ kind: 'live', live: this.#live } satisfies Said);
  }
}

/** Hears what the tab says that uploads, and asks it to begin. @returns what ends it */
export function listenToUploads(hear: (live: LiveUploads) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.kind === 'live') hear(data.live);
  });
  channel.postMessage({ kind: 'ask' } satisfies Said);
  return () => channel.close();
}
