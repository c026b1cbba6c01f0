import { Toasts } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

/** Where messages in passing appear. Loaded after the first screen is drawn. */
export function ToastPlace() {
  const text = useText();
  return <Toasts label={text('app.toasts')} closeLabel={text('app.close')} />;
}
