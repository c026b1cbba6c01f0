import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function FavouritesPage() {
  const text = useText();
  return <Page title={text('timeline.favourites.title')}>{null}</Page>;
}
