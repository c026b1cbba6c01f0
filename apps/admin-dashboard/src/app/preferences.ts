import { isLanguage, preferredLanguage, type Language } from '@heirloom/ui';

export type Scheme = 'system' | 'light' | 'dark';
const schemes: readonly string[] = ['system', 'light', 'dark'];

/** What somebody chose for this browser; the family's pages keep theirs in the same place, so a choice holds for both. */
export interface Preferences {
  language: Language;
  scheme: Scheme;
}

const name = 'heirloom-preferences';

function kept(): Record<string, unknown> {
  try {
    return (JSON.parse(localStorage.getItem(name) ?? '{}') ?? {}) as Record<string, unknown>;
  } catch {
    // What cannot be read is chosen anew.
    return {};
  }
}

export function readPreferences(): Preferences {
  const { language, scheme } = kept();
  return {
    language:
      typeof language === 'string' && isLanguage(language)
        ? language
        : preferredLanguage(navigator.languages),
    scheme: typeof scheme === 'string' && schemes.includes(scheme) ? (scheme as Scheme) : 'system',
  };
}

export function writePreferences(change: Partial<Preferences>): void {
  localStorage.setItem(name, JSON.stringify({ ...kept(), ...change }));
}
