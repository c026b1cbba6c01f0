import { Page, Spinner } from '@heirloom/ui';
import { lazy, Suspense } from 'react';
import { FailedPage } from '../app/failed-page.tsx';
import { withLateTexts } from '../i18n/late-texts.ts';
import { useText } from '../i18n/use-text.ts';
import { PhotosView } from '../media/photos-view.tsx';
import { usePhotoList } from '../media/use-photo-list.ts';
import { SelectionActions } from './lazy-selection-actions.tsx';

const FirstSteps = lazy(
  withLateTexts(async () => ({ default: (await import('../welcome/first-steps.tsx')).FirstSteps })),
);

const NoPhotos = lazy(async () => ({ default: (await import('./no-photos.tsx')).NoPhotos }));

/** All of the person's photos, the newest first. */
export function TimelinePage() {
  const text = useText();
  const { photos, error } = usePhotoList('timeline', ['photos'], (engine) => engine.timeline.photos());
  if (error) return <FailedPage error={error} />;
  return (
    <Page title={text('timeline.title')}>
      <Suspense>
        <FirstSteps />
      </Suspense>
      {!photos && <Spinner />}
      {photos?.length === 0 && (
        <Suspense fallback={<Spinner />}>
          <NoPhotos />
        </Suspense>
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
