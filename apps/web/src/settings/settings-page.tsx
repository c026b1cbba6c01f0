import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function SettingsPage() {
  const text = useText();
  return <Page title={text('settings.title')}>{null}</Page>;
}
