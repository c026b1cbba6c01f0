import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function RecoveryKeyPage() {
  const text = useText();
  return <Page title={text('session.kit.title')}>{null}</Page>;
}
