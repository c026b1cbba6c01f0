import { Button, ButtonLink, EmptyState, IconButton, Notice, Page, Spinner } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Download, FolderHeart, ImagePlus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { FailedPage } from '../app/failed-page.tsx';
import { MissingPage } from '../app/missing-page.tsx';
import { useSavePhotos } from '../downloads/use-save-photos.ts';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import { PhotosView } from '../media/photos-view.tsx';
import type { Tile } from '../media/photo-list.ts';
import { usePhotoList } from '../media/use-photo-list.ts';
import { AlbumMenu } from './album-menu.tsx';
import { PickPhotos } from './pick-photos.tsx';
import { RemovePhotos } from './remove-photos.tsx';
import { ShareDialog } from './share-dialog.tsx';
import type { AlbumCard } from './album-types.ts';
import { useAlbumSync } from './use-album-sync.ts';

/** One album: its photos, who has it, and what can be done with it. */
export function AlbumPage() {
  const { albumId } = useParams({ from: '/inside/albums/$albumId' });
  const { isFirst } = useAlbumSync();
  const { data: album, error } = useQuery({
    queryKey: ['albums', 'one', albumId],
    queryFn: () => ask((engine) => engine.albums.one(albumId)),
  });
  const text = useText();
  if (error) return <FailedPage error={error} />;
  // Right after signing in, its key may still be on its way.
  const isComing = isFirst && album?.problem === 'key-missing';
  if (album && !isComing) return <OpenAlbum album={album} />;
  if (album === null && !isFirst) return <MissingPage />;
  return (
    <Page title={text('albums.one.title')}>
      <Spinner />
    </Page>
  );
}

function OpenAlbum({ album }: { album: AlbumCard }) {
  const text = useText();
  const [isSharing, share] = useState(false);
  const [isPicking, pick] = useState(false);
  const { albumId, isVault, role, people, photos: count, problem, ownerName, isShared } = album;
  const title =
    problem === 'name-damaged'
      ? text('albums.damagedName')
      : isVault
        ? text('albums.vault.name')
        : album.name;
  if (isPicking) return <PickPhotos albumId={albumId} title={title} onDone={() => pick(false)} />;
  const mayAdd = role !== 'viewer' && problem === null;
  const facts = [
    text('albums.photos', { photos: count }),
    ...(people > 1 ? [text('albums.people', { people })] : []),
    ...(isShared && !isVault && ownerName ? [text('albums.by', { name: ownerName })] : []),
  ];
  return (
    <Page
      title={title}
      lead={facts.join(' · ')}
      actions={
        <>
          {mayAdd && (
            <Button kind="primary" onPress={() => pick(true)}>
              <ImagePlus aria-hidden="true" />
              {text('albums.add')}
            </Button>
          )}
          <Button onPress={() => share(true)}>
            <UsersRound aria-hidden="true" />
            {text(role === 'manager' && !isVault ? 'albums.share' : 'albums.people.show')}
          </Button>
          <AlbumMenu album={album} title={title} />
        </>
      }
    >
      {problem && <Notice tone="danger">{text(`albums.problem.${problem}`)}</Notice>}
      {album.isRotationDue && <Notice>{text('albums.rotationDue')}</Notice>}
      {isVault && count === 0 && <Notice>{text('albums.vault.text')}</Notice>}
      <Photos album={album} mayAdd={mayAdd} onAdd={() => pick(true)} />
      <ShareDialog album={album} isOpen={isSharing} onClose={() => share(false)} />
    </Page>
  );
}

function Photos({ album, mayAdd, onAdd }: { album: AlbumCard; mayAdd: boolean; onAdd: () => void }) {
  const text = useText();
  const { albumId, role } = album;
  const { photos, error } = usePhotoList('albums', ['photos', albumId], (engine) =>
    engine.media.list(albumId),
  );
  if (error) return <FailedPage error={error} />;
  if (!photos) return <Spinner />;
  if (photos.length === 0)
    return (
      <EmptyState
        icon={<FolderHeart aria-hidden="true" />}
        title={text('albums.one.empty.title')}
        actions={
          mayAdd && (
            <>
              <Button kind="primary" onPress={onAdd}>
                {text('albums.add')}
              </Button>
              <ButtonLink href={`/uploads?album=${albumId}`}>{text('albums.addNew')}</ButtonLink>
            </>
          )
        }
      >
        {text(mayAdd ? 'albums.one.empty.text' : 'albums.one.empty.viewer')}
      </EmptyState>
    );
  return (
    <PhotosView
      photos={photos}
      label={text('albums.grid')}
      actions={(selected, clear) => (
        <>
          <SaveSelected selected={selected} />
          {role === 'manager' && <RemovePhotos albumId={albumId} selected={selected} onDone={clear} />}
        </>
      )}
    />
  );
}

function SaveSelected({ selected }: { selected: readonly Tile[] }) {
  const text = useText();
  const { saveSelected, isPending } = useSavePhotos();
  return (
    <IconButton
      label={text('downloads.save')}
      icon={<Download aria-hidden="true" />}
      isPending={isPending}
      onPress={() => saveSelected(selected)}
    />
  );
}
