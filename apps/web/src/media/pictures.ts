import type { PhotoRef } from './photo-list.ts';

/** What is known of a picture that a tile wants to show. */
export type Picture =
  | { state: 'waiting' }
  | { state: 'shown'; url: string }
  /** It does not open: it was tampered with, or belongs to another photo. */
  | { state: 'damaged' }
  /** It could not be fetched; it is tried again when the connection changes. */
  | { state: 'absent' };

export interface PictureSource {
  load: (ref: PhotoRef, ticket: number) => Promise<Blob>;
  cancel: (ticket: number) => void;
  /** Whether an error means that what was fetched is not what was sealed. */
  isDamage: (error: unknown) => boolean;
}

interface Held {
  ref: PhotoRef;
  picture: Picture;
  /** Of the request under way. */
  ticket: number | null;
  watchers: Set<(picture: Picture) => void>;
}

/** A tile that only passes by asks for nothing. */
const settleMs = 40;

const waiting: Picture = { state: 'waiting' };
const keyOf = ({ collection, version }: PhotoRef) => `${collection}/${version}`;

/**
 * Object URLs of the pictures on screen and of the last ones before. An URL is revoked when nobody shows it and newer ones
 * need its room.
 */
export class Pictures {
  readonly #source: PictureSource;
  readonly #most: number;
  readonly #settleMs: number;
  /** The one that was used longest ago comes first. */
  readonly #held = new Map<string, Held>();
  #lastTicket = 0;

  constructor(source: PictureSource, most = 400, settle = settleMs) {
    this.#source = source;
    this.#most = most;
    this.#settleMs = settle;
  }

  /** What is known already, for the first drawing. */
  peek(ref: PhotoRef): Picture {
    return this.#held.get(keyOf(ref))?.picture ?? waiting;
  }

  /** Hears of every change of the picture. @returns what ends it */
  watch(ref: PhotoRef, hear: (picture: Picture) => void): () => void {
    const key = keyOf(ref);
    const held = this.#held.get(key) ?? { ref, picture: waiting, ticket: null, watchers: new Set() };
    this.#held.delete(key);
    this.#held.set(key, held);
    held.watchers.add(hear);
    hear(held.picture);
    const timer = setTimeout(() => this.#load(key, held), held.picture === waiting ? this.#settleMs : 0);
    return () => {
      clearTimeout(timer);
      held.watchers.delete(hear);
      if (held.watchers.size > 0) return;
      if (held.picture.state === 'shown' || held.picture.state === 'damaged') this.#trim();
      else this.#drop(key, held);
    };
  }

  /** Asks again for what could not be fetched. */
  retry(): void {
    for (const [key, held] of this.#held) {
      if (held.picture.state !== 'absent') continue;
      this.#show(held, waiting);
      this.#load(key, held);
    }
  }

  /** Lets go of everything, when keys are locked. */
  clear(): void {
    for (const [key, held] of this.#held) this.#drop(key, held);
  }

  get size(): number {
    return this.#held.size;
  }

  #load(key: string, held: Held): void {
    if (held.ticket !== null || held.picture !== waiting || this.#held.get(key) !== held) return;
    const ticket = (this.#lastTicket += 1);
    held.ticket = ticket;
    const arrive = (picture: () => Picture) => {
      if (held.ticket !== ticket) return;
      held.ticket = null;
      this.#show(held, picture());
    };
    this.#source.load(held.ref, ticket).then(
      (blob) => arrive(() => ({ state: 'shown', url: URL.createObjectURL(blob) })),
      (error: unknown) => arrive(() => ({ state: this.#source.isDamage(error) ? 'damaged' : 'absent' })),
    );
  }

  #show(held: Held, picture: Picture): void {
    held.picture = picture;
    for (const hear of held.watchers) hear(picture);
  }

  #drop(key: string, held: Held): void {
    this.#held.delete(key);
    if (held.ticket !== null) this.#source.cancel(held.ticket);
    held.ticket = null;
    if (held.picture.state === 'shown') URL.revokeObjectURL(held.picture.url);
  }

  #trim(): void {
    for (const [key, held] of this.#held) {
      if (this.#held.size <= this.#most) return;
      if (held.watchers.size === 0) this.#drop(key, held);
    }
  }
}
