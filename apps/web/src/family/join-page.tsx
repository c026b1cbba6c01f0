import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function JoinPage() {
  const text = useText();
  return <Page title={text('family.join.title')}>{null}</Page>;
}
