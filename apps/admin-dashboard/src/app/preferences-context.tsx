import { directionOf, localeOf, type Catalogue } from '@heirloom/ui';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { IntlProvider } from 'react-intl';
import { loadCatalogue } from '../i18n/load-catalogue.ts';
import { readPreferences, writePreferences, type Preferences } from './preferences.ts';

interface Chosen {
  preferences: Preferences;
  prefer: (change: Partial<Preferences>) => void;
}

const Context = createContext<Chosen | null>(null);

/** Somebody's choices for this browser, and a way to change them. */
export function usePreferences(): Chosen {
  const chosen = useContext(Context);
  if (!chosen) throw new Error('usePreferences is used inside of PreferencesProvider');
  return chosen;
}

/** Speaks the chosen language in its direction, and shows the chosen colours. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(readPreferences);
  const { language, scheme } = preferences;
  const [spoken, speak] = useState<{ language: Preferences['language']; catalogue: Catalogue } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void loadCatalogue(language).then((catalogue) => isCurrent && speak({ language, catalogue }));
    return () => void (isCurrent = false);
  }, [language]);
  useEffect(() => {
    if (!spoken) return;
    document.documentElement.lang = localeOf(spoken.language, navigator.languages);
    document.documentElement.dir = directionOf(spoken.language);
  }, [spoken]);
  useEffect(() => {
    if (scheme === 'system') delete document.documentElement.dataset.scheme;
    else document.documentElement.dataset.scheme = scheme;
  }, [scheme]);
  const chosen = useMemo<Chosen>(
    () => ({
      preferences,
      prefer: (change) => {
        writePreferences(change);
        setPreferences((before) => ({ ...before, ...change }));
      },
    }),
    [preferences],
  );
  if (!spoken) return null;
  const locale = localeOf(spoken.language, navigator.languages);
  return (
    <Context value={chosen}>
      <IntlProvider locale={locale} messages={{ ...spoken.catalogue }} onError={refuseMissing}>
        <I18nProvider locale={locale}>{children}</I18nProvider>
      </IntlProvider>
    </Context>
  );
}

/** Catalogues are complete by a test; what is wrong in one should be seen. */
function refuseMissing(error: Error): void {
  throw error;
}
