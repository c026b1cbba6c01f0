import { EmptyState, Page, Spinner } from '@heirloom/ui';
import { Heart } from 'lucide-react';
import { FailedPage } from '../app/failed-page.tsx';
import { useText } from '../i18n/use-text.ts';
import { PhotosView } from '../media/photos-view.tsx';
import { usePhotoList } from '../media/use-photo-list.ts';
import { SelectionActions } from './lazy-selection-actions.tsx';
import { OnceKnown } from './once-known.tsx';

/** The photos that the person likes most. */
export function FavouritesPage() {
  const text = useText();
  const { photos, error } = usePhotoList('timeline', ['favourites'], (engine) =>
    engine.timeline.favourites(),
  );
  if (error) return <FailedPage error={error} />;
  return (
    <Page title={text('timeline.favourites.title')}>
      {!photos && <Spinner />}
      {photos?.length === 0 && (
        <OnceKnown>
          <EmptyState icon={<Heart aria-hidden="true" />} title={text('timeline.favourites.empty.title')}>
            {text('timeline.favourites.empty.text')}
          </EmptyState>
        </OnceKnown>
      )}
      {photos && photos.length > 0 && (
        <PhotosView
          photos={photos}
          actions={(selected, clear) => <SelectionActions selected={selected} onDone={clear} />}
        />
      )}
    </Page>
  );
}
