import { isLanguage, preferredLanguage, type Language } from '../texts/languages.ts';

export type Scheme = 'system' | 'light' | 'dark';
const schemes: readonly string[] = ['system', 'light', 'dark'];

/** How pages look and speak in this browser. */
export interface Appearance {
  language: Language;
  scheme: Scheme;
}

/** All pages of one origin keep their choices together, so one that several have holds for all. */
const name = 'heirloom-preferences';

/** What was chosen for this browser; nothing of it is checked. */
export function readPreferences(): Record<string, unknown> {
  try {
    return (JSON.parse(localStorage.getItem(name) ?? '{}') ?? {}) as Record<string, unknown>;
  } catch {
    // What cannot be read is chosen anew.
    return {};
  }
}

/** Changes some of the choices and leaves the others. */
export function writePreferences(change: object): void {
  localStorage.setItem(name, JSON.stringify({ ...readPreferences(), ...change }));
}

/** The chosen language and colours, or what the browser itself prefers. */
export function appearanceOf({ language, scheme }: Record<string, unknown>): Appearance {
  return {
    language:
      typeof language === 'string' && isLanguage(language)
        ? language
        : preferredLanguage(navigator.languages),
    scheme: typeof scheme === 'string' && schemes.includes(scheme) ? (scheme as Scheme) : 'system',
  };
}
