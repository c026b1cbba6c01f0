import { Page } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

export function AlbumPage() {
  const text = useText();
  return <Page title={text('albums.one.title')}>{null}</Page>;
}
