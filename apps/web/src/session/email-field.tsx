import { TextInput } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

/** A field for the address of an account. */
export function EmailField(props: {
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  error?: string | null;
  autoFocus?: boolean;
}) {
  const text = useText();
  return (
    <TextInput
      {...props}
      label={text('session.email')}
      type="email"
      inputMode="email"
      autoComplete="username"
      isRequired
      dir="ltr"
    />
  );
}
