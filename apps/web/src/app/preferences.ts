import { isLanguage, preferredLanguage, type Language } from '@heirloom/ui';

export type Scheme = 'system' | 'light' | 'dark';

/** What a person chose for this browser. Nothing of it is secret, and it outlives signing out. */
export interface Preferences {
  language: Language;
  scheme: Scheme;
  /** Minutes without a touch after which keys are forgotten; 0 for never. */
  idleLockMinutes: number;
}

const name = 'heirloom-preferences';
const idleChoices = [0, 5, 15, 60];
const schemes: readonly string[] = ['system', 'light', 'dark'];

export function readPreferences(): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    kept = (JSON.parse(localStorage.getItem(name) ?? '{}') ?? {}) as typeof kept;
  } catch {
    // What cannot be read is chosen anew.
  }
  const { language, scheme, idleLockMinutes } = kept;
  return {
    language:
      typeof language === 'string' && isLanguage(language)
        ? language
        : preferredLanguage(navigator.languages),
    scheme: typeof scheme === 'string' && schemes.includes(scheme) ? (scheme as Scheme) : 'system',
    idleLockMinutes: idleChoices.includes(idleLockMinutes as number) ? (idleLockMinutes as number) : 60,
  };
}

export function writePreferences(preferences: Preferences): void {
  localStorage.setItem(name, JSON.stringify(preferences));
}
