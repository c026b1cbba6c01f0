import { PasswordInput } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

/** A field for a password, in the person's language. */
export function PasswordField({
  label,
  isNew = false,
  ...rest
}: {
  label?: string;
  /** A new one: password managers offer to make it. */
  isNew?: boolean;
  value: string;
  onChange: (value: string) => void;
  error?: string | null;
  autoFocus?: boolean;
}) {
  const text = useText();
  return (
    <PasswordInput
      {...rest}
      label={label ?? text('session.password')}
      showLabel={text('session.password.show')}
      hideCharactersLabel={text('session.password.hide')}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      isRequired
    />
  );
}
