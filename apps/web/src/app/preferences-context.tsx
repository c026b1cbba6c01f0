import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { Spoken, useScheme, writePreferences, type Catalogue } from '@heirloom/ui';
import { lateTexts } from '../i18n/late-texts.ts';
import { loadCatalogue } from '../i18n/load-catalogue.ts';
import { ownPreferences, type Preferences } from './preferences.ts';

interface Chosen {
  preferences: Preferences;
  prefer: (change: Partial<Preferences>) => void;
}

interface Loaded {
  language: Preferences['language'];
  catalogue: Catalogue;
  withLate: boolean;
}

const Context = createContext<Chosen | null>(null);

/** The person's choices for this browser, and a way to change them. */
export function usePreferences(): Chosen {
  const chosen = useContext(Context);
  if (!chosen) throw new Error('usePreferences is used inside of PreferencesProvider');
  return chosen;
}

/** Speaks the person's language in its direction, and shows the colours that they chose. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(ownPreferences);
  const { language, scheme } = preferences;
  const [spoken, speak] = useState<Loaded | null>(null);
  const withLate = useSyncExternalStore(lateTexts.listen, lateTexts.isWanted);
  useEffect(() => {
    let isCurrent = true;
    void loadCatalogue(language, withLate).then(
      (catalogue) => isCurrent && speak({ language, catalogue, withLate }),
    );
    return () => void (isCurrent = false);
  }, [language, withLate]);
  useEffect(() => {
    if (spoken?.withLate) lateTexts.arrive();
  }, [spoken]);
  useScheme(scheme);
  const chosen = useMemo<Chosen>(
    () => ({
      preferences,
      prefer: (change) => {
        const next = { ...preferences, ...change };
        writePreferences(next);
        setPreferences(next);
      },
    }),
    [preferences],
  );
  if (!spoken) return null;
  return (
    <Context value={chosen}>
      <Spoken language={spoken.language} catalogue={spoken.catalogue}>
        {children}
      </Spoken>
    </Context>
  );
}
