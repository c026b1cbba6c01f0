import { TextInput } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

/** The six digits that an authenticator shows; some show a blank in the middle, which does not matter. */
export function CodeInput({ code, onChange }: { code: string; onChange: (code: string) => void }) {
  const text = useText();
  return (
    <TextInput
      label={text('session.code')}
      hint={text('session.code.hint')}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      dir="ltr"
      isRequired
      value={code}
      onChange={onChange}
    />
  );
}

export const digitsOf = (code: string): string => code.replaceAll(/\s/g, '');
