import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function NoticesPage() {
  const text = useText();
  return <Page title={text('notices.title')}>{null}</Page>;
}
