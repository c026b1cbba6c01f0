import { describe, expect, it } from '@jest/globals';
import type { GalleryEntry } from '../media/gallery-entry.ts';
import { matches } from './match-photo.ts';
import { joinQuery, parseQuery, queryWords, splitQuery } from './parse-query.ts';

const english = queryWords('en', {
  photo: 'photo,photos',
  video: 'video,videos',
  raw: 'raw',
  screenshot: 'screenshot,screenshots',
  other: 'file,files',
});
const names = { photo: 'foto', video: 'video', raw: 'raw', screenshot: 'captura', other: 'archivo' };
const german = queryWords('de', names);
const spanish = queryWords('es', names);
const arabic = queryWords('ar', { ...names, video: 'فيديو، فيديوهات' });

const days = (query: string, words = english) =>
  parseQuery(query, words).periods.map(({ from, to }) =>
    [from, to - 1].map((at) => new Date(at).toISOString().slice(0, 10)).join(' '),
  );

describe('what somebody types into the search', () => {
  it('is understood where it is a date, in their language and in English', () => {
    expect(days('2019')).toEqual(['2019-01-01 2019-12-31']);
    expect(days('2018-2020')).toEqual(['2018-01-01 2020-12-31']);
    expect(days('2020-02')).toEqual(['2020-02-01 2020-02-29']);
    expect(days('12 May 2021')).toEqual(['2021-05-12 2021-05-12']);
    expect(days('May 12, 2021')).toEqual(['2021-05-12 2021-05-12']);
    expect(days('may 2021')).toEqual(['2021-05-01 2021-05-31']);
    expect(days('12. März 2021', german)).toEqual(['2021-03-12 2021-03-12']);
    expect(days('12.3.2021', german)).toEqual(['2021-03-12 2021-03-12']);
    expect(days('12 de mayo de 2021', spanish)).toEqual(['2021-05-12 2021-05-12']);
    expect(days('مايو 2021', arabic)).toEqual(['2021-05-01 2021-05-31']);
    expect(parseQuery('December', english).months).toEqual([11]);
  });

  it('is a word otherwise, and a phrase in quotation marks', () => {
    expect(parseQuery('Beach IMG_2019 "may 2021"', english)).toEqual({
      words: ['beach', 'img_2019', 'may 2021'],
      types: [],
      periods: [],
      months: [],
      from: null,
      to: null,
    });
    expect(days('2019-13')).toEqual([]);
    expect(parseQuery('31 May', english).periods).toEqual([]);
  });

  it('names kinds of files', () => {
    expect(parseQuery('videos 2020', english).types).toEqual(['video']);
    expect(parseQuery('type:raw', german).types).toEqual(['raw']);
    expect(parseQuery('فيديو', arabic).types).toEqual(['video']);
    expect(parseQuery('type:nonsense', english).words).toEqual(['type:nonsense']);
  });

  it('goes into fields and back', () => {
    const query = 'beach "two words" type:video type:raw from:2019-05-01 to:2020';
    expect(splitQuery(query)).toEqual({
      text: 'beach "two words"',
      types: ['video', 'raw'],
      from: '2019-05-01',
      to: '2020',
    });
    expect(joinQuery(splitQuery(query))).toBe(query);
    expect(splitQuery('from:never').text).toBe('from:never');
  });
});

const photo = (change: Partial<GalleryEntry>): GalleryEntry => ({
  photo: 'p',
  version: 'v',
  takenAt: Date.UTC(2021, 4, 12, 9),
  aspect: 1,
  kind: 'image',
  durationMs: null,
  name: 'Müller am Strand.JPG',
  hasThumbnail: true,
  isFavourite: false,
  problem: null,
  mediaType: 'image/jpeg',
  camera: 'Canon EOS R5 RF24-70',
  caption: '',
  bytes: 1,
  ...change,
});

describe('a photo is found', () => {
  const finds = (
    query: string,
    change: Partial<GalleryEntry> = {},
    albums = new Map<string, Set<string>>(),
  ) => matches(photo(change), parseQuery(query, english), albums);

  it('by all words of its name and camera, whatever their accents and case', () => {
    expect([finds('muller'), finds('MÜLLER canon'), finds('muller nikon')]).toEqual([true, true, false]);
  });

  it('by its caption', () => {
    expect([finds('opa', { caption: 'Opa am See' }), finds('oma', { caption: 'Opa am See' })]).toEqual([
      true,
      false,
    ]);
  });

  it('by the name of an album that it is in', () => {
    const albums = new Map([['holiday', new Set(['p'])]]);
    expect([finds('holiday strand', {}, albums), finds('holiday', { photo: 'q' }, albums)]).toEqual([
      true,
      false,
    ]);
  });

  it('by when it was taken', () => {
    expect([finds('2021'), finds('2020'), finds('2020 2021'), finds('may'), finds('june')]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    expect([
      finds('from:2021-05-12 to:2021-05-12'),
      finds('from:2021-05-13'),
      finds('to:2021-05-11'),
    ]).toEqual([true, false, false]);
  });

  it('by its kind', () => {
    const kinds = (change: Partial<GalleryEntry>) =>
      (['photo', 'video', 'raw', 'screenshot', 'other'] as const).filter((type) =>
        finds(`type:${type}`, change),
      );
    expect(kinds({})).toEqual(['photo']);
    expect(kinds({ name: 'DSC_1.NEF', kind: 'other' })).toEqual(['photo', 'raw']);
    expect(kinds({ name: 'a.mp4', kind: 'video' })).toEqual(['video']);
    expect(kinds({ name: 'Bildschirmfoto 1.png', camera: '' })).toEqual(['screenshot']);
    expect(kinds({ name: 'notes.xmp', kind: 'other', camera: '' })).toEqual(['other']);
  });
});
