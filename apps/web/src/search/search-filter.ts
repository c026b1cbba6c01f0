/** Kinds that a person can search for. A RAW file is a photo too. */
export const searchTypes = ['photo', 'video', 'raw', 'screenshot', 'other'] as const;
export type SearchType = (typeof searchTypes)[number];

/** A time by the camera's clock, in milliseconds since 1970; `to` is not part of it. */
export interface Period {
  from: number;
  to: number;
}

/** What a search asks for: all of the words, one of the types, one of the times. Empty lists ask for nothing. */
export interface SearchFilter {
  words: readonly string[];
  types: readonly SearchType[];
  periods: readonly Period[];
  /** Months of any year, from 0. */
  months: readonly number[];
  from: number | null;
  to: number | null;
}

export const isEmptyFilter = ({ words, types, periods, months, from, to }: SearchFilter): boolean =>
  words.length + types.length + periods.length + months.length === 0 && from === null && to === null;

/** How texts are compared: without accents, upper case, or the forms that Unicode has of one letter. */
export const normalise = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
