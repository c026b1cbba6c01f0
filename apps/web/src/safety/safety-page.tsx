import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function SafetyPage() {
  const text = useText();
  return <Page title={text('safety.title')}>{null}</Page>;
}
