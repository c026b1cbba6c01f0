import { normalise, searchTypes, type Period, type SearchFilter, type SearchType } from './search-filter.ts';

/** Words of a language that mean something to a search, in the form of `normalise`. */
export interface QueryWords {
  /** Place of the month in the year, from 0. */
  months: ReadonlyMap<string, number>;
  types: ReadonlyMap<string, SearchType>;
}

const monthsInYear = 12;
const dayMs = 24 * 3600_000;

/** Names of months, long and short, as dates and as headings have them. */
function monthNames(locale: string): [string, number][] {
  const names: [string, number][] = [];
  for (const month of ['long', 'short'] as const) {
    for (const options of [{ month }, { month, day: 'numeric' }] as const) {
      const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
      for (let at = 0; at < monthsInYear; at += 1) {
        const part = format.formatToParts(Date.UTC(2021, at, 15)).find(({ type }) => type === 'month');
        if (part) names.push([normalise(part.value).replace(/\.$/, ''), at]);
      }
    }
  }
  return names;
}

/** @param typeWords - what people call each type, separated by commas */
export function queryWords(locale: string, typeWords: Readonly<Record<SearchType, string>>): QueryWords {
  const types = searchTypes.flatMap((type) =>
    typeWords[type].split(/[,،]/).map((word) => [normalise(word.trim()), type] as const),
  );
  return { months: new Map([...monthNames('en'), ...monthNames(locale)]), types: new Map(types) };
}

const year = (text: string | undefined): number | null =>
  text !== undefined && /^(19|20)\d\d$/.test(text) ? Number(text) : null;
const dayOfMonth = (text: string | undefined): number | null => {
  const match = /^(\d{1,2})[.,]?$/.exec(text ?? '');
  const day = Number(match?.[1]);
  return match && day >= 1 && day <= 31 ? day : null;
};

const ofYear = (at: number): Period => ({ from: Date.UTC(at, 0), to: Date.UTC(at + 1, 0) });
const ofMonth = (at: number, month: number): Period => ({
  from: Date.UTC(at, month),
  to: Date.UTC(at, month + 1),
});
const ofDay = (at: number, month: number, day: number): Period => {
  const from = Date.UTC(at, month, day);
  return { from, to: from + dayMs };
};

/** `2019`, `2019-05`, `2019-05-12`, `12.5.2019`, `2018-2020`, `2018..2020`. */
function numericPeriod(text: string): Period | null {
  const years = /^((?:19|20)\d\d)(?:-|–|\.\.)((?:19|20)\d\d)$/.exec(text);
  if (years) return { from: Date.UTC(Number(years[1]), 0), to: Date.UTC(Number(years[2]) + 1, 0) };
  const iso = /^((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)$/.exec(text);
  const [at, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : dotted
      ? [dotted[3], dotted[2], dotted[1]]
      : [undefined, undefined, undefined];
  if (at === undefined) return null;
  if (month === undefined) return ofYear(Number(at));
  if (Number(month) < 1 || Number(month) > monthsInYear) return null;
  if (day === undefined) return ofMonth(Number(at), Number(month) - 1);
  return ofDay(Number(at), Number(month) - 1, Number(day));
}

interface Found {
  period?: Period;
  month?: number;
  /** Tokens that it took. */
  used: number;
}

/** `12 May 2021`, `May 12, 2021`, `12 May`, `May 2021`, `May`. */
function wordedPeriod(tokens: readonly string[], at: number, { months }: QueryWords): Found | null {
  const early = dayOfMonth(tokens[at]);
  // "12 de mayo de 2021".
  const beyond = (place: number) => (tokens[place] === 'de' ? place + 1 : place);
  const monthAt = early === null ? at : beyond(at + 1);
  const month = months.get((tokens[monthAt] ?? '').replace(/[.,]$/, ''));
  if (month === undefined) return null;
  const late = early ?? dayOfMonth(tokens[monthAt + 1]);
  const next = monthAt + (early === null && late !== null ? 2 : 1);
  const yearAt = beyond(next);
  const of = year(tokens[yearAt]);
  if (of === null) return late === null ? { month, used: monthAt + 1 - at } : null;
  const period = late === null ? ofMonth(of, month) : ofDay(of, month, late);
  return { period, used: yearAt + 1 - at };
}

/** Words, and phrases in quotation marks. */
const tokensOf = (query: string): { text: string; isPhrase: boolean }[] =>
  [...normalise(query).matchAll(/"([^"]*)"|(\S+)/g)]
    .map(([, phrase, word]) => ({ text: phrase ?? word ?? '', isPhrase: phrase !== undefined }))
    .filter(({ text }) => text !== '');

const isType = (text: string): text is SearchType => (searchTypes as readonly string[]).includes(text);

/**
 * Understands what somebody typed: dates as people write them, kinds of files by their names, `type:video`,
 * `from:2019-05-01`, `to:2019-06-30`, phrases in quotation marks. Everything else is a word to look for.
 */
export function parseQuery(query: string, words: QueryWords): SearchFilter {
  const found = {
    words: [] as string[],
    types: [] as SearchType[],
    periods: [] as Period[],
    months: [] as number[],
  };
  let [from, to]: [number | null, number | null] = [null, null];
  const tokens = tokensOf(query);
  const texts = tokens.map(({ text, isPhrase }) => (isPhrase ? '"' : text));
  for (let at = 0; at < tokens.length; at += 1) {
    const { text, isPhrase } = tokens[at] ?? { text: '', isPhrase: true };
    const [name, value] = text.split(':', 2);
    const period = isPhrase ? null : numericPeriod(value ?? text);
    const worded = isPhrase ? null : wordedPeriod(texts, at, words);
    const type = isPhrase ? undefined : words.types.get(text);
    if (name === 'type' && value !== undefined && isType(value)) found.types.push(value);
    else if (name === 'from' && period) from = period.from;
    else if (name === 'to' && period) to = period.to;
    else if (worded) {
      if (worded.period) found.periods.push(worded.period);
      if (worded.month !== undefined) found.months.push(worded.month);
      at += worded.used - 1;
    } else if (period && value === undefined) found.periods.push(period);
    else if (type) found.types.push(type);
    else found.words.push(text);
  }
  return { ...found, from, to };
}

/** The parts of a query that have fields of their own. */
export interface QueryFields {
  text: string;
  types: readonly SearchType[];
  /** `2019-05-01`, or empty. */
  from: string;
  to: string;
}

const fieldPattern = /(?:^|\s)(type|from|to):(\S*)(?=\s|$)/g;

export function splitQuery(query: string): QueryFields {
  const fields: { text: string; types: SearchType[]; from: string; to: string } = {
    text: '',
    types: [],
    from: '',
    to: '',
  };
  fields.text = query.replaceAll(fieldPattern, (all: string, name: string, value: string) => {
    if (name === 'type' && isType(value)) fields.types.push(value);
    else if (name !== 'type' && numericPeriod(value)) fields[name as 'from' | 'to'] = value;
    else return all;
    return '';
  });
  return fields;
}

export const joinQuery = ({ text, types, from, to }: QueryFields): string =>
  [
    text,
    ...types.map((type) => `type:${type}`),
    ...(from ? [`from:${from}`] : []),
    ...(to ? [`to:${to}`] : []),
  ]
    .filter(Boolean)
    .join(' ');
