import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function UploadsPage() {
  const text = useText();
  return <Page title={text('uploads.title')}>{null}</Page>;
}
