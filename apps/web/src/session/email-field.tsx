import { EmailInput } from '@heirloom/ui';
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
  return <EmailInput {...props} label={text('session.email')} />;
}
