import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function TrashPage() {
  const text = useText();
  return <Page title={text('trash.title')}>{null}</Page>;
}
