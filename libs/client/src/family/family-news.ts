/**
 * What has become of a person's family:
 * - `left`: they are not in it any more, and have one of their own;
 * - `joined`: they gave their own up for another one, on this device;
 * - `followed`: the same on another device, which this one follows;
 * - `albums-wait`: albums that came along are still to be made again.
 */
export type FamilyNews = 'left' | 'joined' | 'followed' | 'albums-wait';

/** Hears of it, with a sentence for the person. */
export type TellNews = (sentence: string, news: FamilyNews) => void;
