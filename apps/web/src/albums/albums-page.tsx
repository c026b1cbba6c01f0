import { Button, EmptyState, Notice, Page, Soft, Spinner } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Album, Plus } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { FailedPage } from '../app/failed-page.tsx';
import { EngineError } from '../engine/errors.ts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { AlbumTile } from './album-tile.tsx';
import type { AlbumCard } from './album-types.ts';
import styles from './albums.module.css';
import { NameDialog } from './name-dialog.tsx';
import { useAlbumSync } from './use-album-sync.ts';

const quiet = new Set(['unavailable', 'timeout', 'revocations-stale']);

/** All albums that the person has. */
export function AlbumsPage() {
  const text = useText();
  const say = useErrorText();
  const navigate = useNavigate();
  const [isNaming, name] = useState(false);
  const { error: syncError, isFirst } = useAlbumSync();
  const { data, error } = useQuery({
    queryKey: ['albums', 'list'],
    queryFn: () => ask((engine) => engine.albums.list()),
  });
  // Right after signing in, keys may still be on their way.
  const albums = isFirst && data?.some(({ problem }) => problem === 'key-missing') ? undefined : data;
  if (error) return <FailedPage error={error} />;
  const isTold = syncError instanceof EngineError && syncError.code !== null && quiet.has(syncError.code);
  const vault = albums?.find(({ isVault }) => isVault);
  const own = albums?.filter(({ isVault, isShared }) => !isVault && !isShared) ?? [];
  const shared = albums?.filter(({ isVault, isShared }) => !isVault && isShared) ?? [];
  return (
    <Page
      title={text('albums.title')}
      actions={
        <Button kind="primary" onPress={() => name(true)}>
          <Plus aria-hidden="true" />
          {text('albums.new')}
        </Button>
      }
    >
      {syncError && !isTold && <Notice tone="danger">{say(syncError)}</Notice>}
      {(!albums || (albums.length === 0 && isFirst)) && <Spinner />}
      {albums?.length === 0 && !isFirst && (
        <EmptyState icon={<Album aria-hidden="true" />} title={text('albums.empty.title')}>
          {text('albums.empty.text')}
        </EmptyState>
      )}
      {vault && (
        <Section title={text('albums.vault.name')} hint={text('albums.vault.text')} albums={[vault]} />
      )}
      {own.length > 0 && <Section title={text('albums.own')} albums={own} />}
      {shared.length > 0 && <Section title={text('albums.shared')} albums={shared} />}
      <NameDialog
        isOpen={isNaming}
        onClose={() => name(false)}
        title={text('albums.new')}
        action={text('albums.create')}
        save={async (typed) => {
          const { albumId } = await ask((engine) => engine.albums.create(typed));
          await navigate({ to: '/albums/$albumId', params: { albumId } });
        }}
      />
    </Page>
  );
}

function Section({ title, hint, albums }: { title: string; hint?: ReactNode; albums: readonly AlbumCard[] }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.section}>
      <h2 id={id}>{title}</h2>
      {hint && <Soft>{hint}</Soft>}
      <ul className={styles.tiles}>
        {albums.map((album) => (
          <li key={album.albumId}>
            <AlbumTile album={album} />
          </li>
        ))}
      </ul>
    </section>
  );
}
