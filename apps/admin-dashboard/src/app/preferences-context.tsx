import {
  appearanceOf,
  readPreferences,
  Spoken,
  useScheme,
  writePreferences,
  type Appearance,
  type Catalogue,
} from '@heirloom/ui';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { loadCatalogue } from '../i18n/load-catalogue.ts';

interface Chosen {
  preferences: Appearance;
  prefer: (change: Partial<Appearance>) => void;
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
  const [preferences, setPreferences] = useState(() => appearanceOf(readPreferences()));
  const { language, scheme } = preferences;
  const [spoken, speak] = useState<{ language: Appearance['language']; catalogue: Catalogue } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void loadCatalogue(language).then((catalogue) => isCurrent && speak({ language, catalogue }));
    return () => void (isCurrent = false);
  }, [language]);
  useScheme(scheme);
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
  return (
    <Context value={chosen}>
      <Spoken language={spoken.language} catalogue={spoken.catalogue}>
        {children}
      </Spoken>
    </Context>
  );
}
