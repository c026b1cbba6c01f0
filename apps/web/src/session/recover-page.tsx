import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function RecoverPage() {
  const text = useText();
  return <Page title={text('session.recover.title')}>{null}</Page>;
}
