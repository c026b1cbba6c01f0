import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function FamilyPage() {
  const text = useText();
  return <Page title={text('family.title')}>{null}</Page>;
}
