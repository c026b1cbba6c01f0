import { describe, expect, it } from '@jest/globals';
import { languageOf, localeOf, preferredLanguage } from './languages.ts';

describe('languages', () => {
  it('are the first that the browser names and we have', () => {
    expect(preferredLanguage(['fr-FR', 'DE-at', 'en'])).toBe('de');
    expect(preferredLanguage(['fr'])).toBe('en');
  });

  it.each([
    ['en', ['en-GB', 'en'], 'en-GB'],
    ['en', ['de-DE', 'en-IE', 'en-US'], 'en-IE'],
    ['de', ['en-GB', 'de-CH'], 'de-CH'],
    ['de', ['en-GB'], 'de'],
    ['es', [], 'es'],
    ['en', ['en_US', 'en-!', 'en-AU'], 'en-AU'],
  ] as const)('%s of somebody with %j is written as in %s', (language, tags, locale) => {
    expect(localeOf(language, tags)).toBe(locale);
  });

  it('write a British day before its month', () => {
    const written = new Intl.DateTimeFormat(localeOf('en', ['en-GB']), {
      dateStyle: 'long',
      timeZone: 'UTC',
    });
    expect(written.format(0)).toBe('1 January 1970');
  });

  it('stay the same in every region', () => {
    expect(languageOf('en-GB')).toBe('en');
    expect(languageOf('ar')).toBe('ar');
  });
});
