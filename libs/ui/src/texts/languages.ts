/** The languages that pages come in, by their own names. */
export const languages = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  ar: 'العربية',
} as const;
export type Language = keyof typeof languages;

export const isLanguage = (tag: string): tag is Language => Object.hasOwn(languages, tag);

/** `rtl` where the language is written from right to left. */
export const directionOf = (language: Language): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr');

/** The first of a person's languages that we have. */
export const preferredLanguage = (tags: readonly string[]): Language =>
  tags.map(languageOf).find(isLanguage) ?? 'en';

/**
 * The locale that dates, times and numbers are written in: the chosen language as it is used where the person lives, for
 * example `en-GB`, or the bare language where the browser names no region for it.
 *
 * @param tags - of the browser, what the person likes best first
 */
export const localeOf = (language: Language, tags: readonly string[]): string =>
  tags.filter(isLocale).find((tag) => languageOf(tag) === language) ?? language;

/** The language alone: `en` of `en-GB`. */
export const languageOf = (tag: string): string => tag.split('-', 1)[0]?.toLowerCase() ?? '';

/** Whether it is well written, and known to this browser. */
function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
