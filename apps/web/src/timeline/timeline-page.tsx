import { EmptyState, Page, Spinner } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { Images } from 'lucide-react';
import { FailedPage } from '../app/failed-page.tsx';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';

/** All of the person's photos, the newest first. */
export function TimelinePage() {
  const text = useText();
  const { data: tiles, error } = useQuery({
    queryKey: ['timeline', 'tiles'],
    queryFn: () => ask((engine) => engine.timeline.tiles()),
  });
  if (error) return <FailedPage error={error} />;
  return (
    <Page title={text('timeline.title')}>
      {!tiles && <Spinner />}
      {tiles?.length === 0 && (
        <EmptyState icon={<Images aria-hidden="true" />} title={text('timeline.empty.title')}>
          {text('timeline.empty.text')}
        </EmptyState>
      )}
      <ul>
        {tiles?.map(({ photo, name }) => (
          <li key={photo}>{name}</li>
        ))}
      </ul>
    </Page>
  );
}
