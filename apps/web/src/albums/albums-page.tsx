import { EmptyState, Page, Spinner } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { Album } from 'lucide-react';
import { FailedPage } from '../app/failed-page.tsx';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';

/** All albums that the person has. */
export function AlbumsPage() {
  const text = useText();
  const { data: albums, error } = useQuery({
    queryKey: ['albums', 'list'],
    queryFn: () => ask((engine) => engine.albums.list()),
  });
  if (error) return <FailedPage error={error} />;
  return (
    <Page title={text('albums.title')}>
      {!albums && <Spinner />}
      {albums?.length === 0 && (
        <EmptyState icon={<Album aria-hidden="true" />} title={text('albums.empty.title')}>
          {text('albums.empty.text')}
        </EmptyState>
      )}
      <ul>
        {albums?.map(({ albumId, name }) => (
          <li key={albumId}>{name}</li>
        ))}
      </ul>
    </Page>
  );
}
