import { TextInput } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

/** The six digits that an authenticator shows now. */
export function CodeField({
  value,
  onChange,
  autoFocus = false,
}: {
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}) {
  const text = useText();
  return (
    <TextInput
      label={text('session.code')}
      hint={text('session.code.hint')}
      value={value}
      onChange={onChange}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      dir="ltr"
      autoFocus={autoFocus}
      isRequired
    />
  );
}
