import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function SearchPage() {
  const text = useText();
  return <Page title={text('search.title')}>{null}</Page>;
}
