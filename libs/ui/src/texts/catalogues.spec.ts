import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { errorCodes } from '@heirloom/contracts';
import { languages, type Language } from './languages.ts';

const apps = path.join(import.meta.dirname, '../../../../apps');
/** Folders that hold the words of a noun, for example `web/src/albums`. */
const nouns = ['web/src', 'admin-dashboard/src'].flatMap((source) =>
  readdirSync(path.join(apps, source), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(source, name))
    .filter((noun) => readdirSync(path.join(apps, noun)).includes('text')),
);
const read = (noun: string, language: Language) =>
  JSON.parse(readFileSync(path.join(apps, noun, 'text', `${language}.json`), 'utf8')) as Record<
    string,
    string
  >;
const others = (Object.keys(languages) as Language[]).filter((language) => language !== 'en');

/** The arguments that a message takes, with how it formats them, and the plural forms that it has. */
function shapeOf(text: string): { takes: string[]; plurals: string[][] } {
  const takes = new Set<string>();
  const plurals: string[][] = [];
  const walk = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      takes.add(element.value);
      if (element.type === TYPE.plural) plurals.push(Object.keys(element.options));
      if (element.type === TYPE.plural || element.type === TYPE.select)
        Object.values(element.options).forEach(({ value }) => walk(value));
      if (element.type === TYPE.tag) walk(element.children);
    }
  };
  walk(parse(text));
  return { takes: [...takes].sort(), plurals };
}

describe.each(nouns)('the words of %s', (noun) => {
  const english = read(noun, 'en');

  it.each(others)('are all there in %s, and take the same arguments', (language) => {
    const translated = read(noun, language);
    expect(Object.keys(translated)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(english)) {
      expect([key, shapeOf(translated[key] ?? '').takes]).toEqual([key, shapeOf(text).takes]);
      expect(translated[key]?.trim()).not.toBe('');
    }
  });

  it.each(others)('have every plural form that %s has', (language) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    // Spanish and others name a form for millions, which no count of ours reaches.
    const needed = forms.filter((form) => form !== 'many' || language === 'ar');
    for (const [key, text] of Object.entries(read(noun, language)))
      for (const given of shapeOf(text).plurals)
        expect([key, needed.filter((form) => !given.includes(form))]).toEqual([key, []]);
  });

  it.each(others)('are translated to %s, not copied', (language) => {
    const translated = read(noun, language);
    const sentences = Object.entries(english).filter(([, text]) => text.split(' ').length > 4);
    expect(sentences.filter(([key, text]) => translated[key] === text).map(([key]) => key)).toEqual([]);
  });
});

it('every error that contracts know has a sentence', () => {
  const known = Object.keys(read('web/src/app', 'en'));
  expect(Object.keys(errorCodes).filter((code) => !known.includes(`error.${code}`))).toEqual([]);
});
