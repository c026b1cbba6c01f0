import { Choice, type Language, languages } from '@heirloom/ui';
import { usePreferences } from '../app/preferences-context.tsx';
import { useText } from '../i18n/use-text.ts';

const options = Object.entries(languages).map(([value, label]) => ({ value: value as Language, label }));

/** For whoever finds these pages in a language that they do not speak. */
export function LanguageChoice() {
  const text = useText();
  const { preferences, prefer } = usePreferences();
  return (
    <Choice
      label={text('welcome.language')}
      hideLabel
      value={preferences.language}
      options={options}
      onChange={(language) => prefer({ language })}
    />
  );
}
