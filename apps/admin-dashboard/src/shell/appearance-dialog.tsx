import { Button, Choice, Dialog, languages, type Language, type Scheme } from '@heirloom/ui';
import { usePreferences } from '../app/preferences-context.tsx';
import { useText } from '../i18n/use-text.ts';

const languageOptions = Object.entries(languages).map(([value, label]) => ({
  value: value as Language,
  label,
}));
const schemes: readonly Scheme[] = ['system', 'light', 'dark'];

/** How the pages speak and look in this browser. */
export function AppearanceDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText();
  const { preferences, prefer } = usePreferences();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={text('shell.appearance')}
      actions={
        <Button kind="primary" onPress={onClose}>
          {text('shell.done')}
        </Button>
      }
    >
      <Choice
        label={text('shell.language')}
        value={preferences.language}
        options={languageOptions}
        onChange={(language) => prefer({ language })}
      />
      <Choice
        label={text('shell.scheme')}
        value={preferences.scheme}
        options={schemes.map((value) => ({ value, label: text(`shell.scheme.${value}`) }))}
        onChange={(scheme) => prefer({ scheme })}
      />
    </Dialog>
  );
}
