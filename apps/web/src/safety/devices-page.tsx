import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function DevicesPage() {
  const text = useText();
  return <Page title={text('safety.devices.title')}>{null}</Page>;
}
