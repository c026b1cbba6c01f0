import { Button, ButtonLink, EmptyState, Page, Spinner, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { Images, Plus } from 'lucide-react';
import { FailedPage } from '../app/failed-page.tsx';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { PhotoGrid } from '../media/photo-grid.tsx';
import type { Tile } from '../media/photo-list.ts';
import { usePhotoList } from '../media/use-photo-list.ts';
import { OnceKnown } from '../timeline/once-known.tsx';
import { addToAlbum } from './add-to-album.ts';

/** Chooses photos of the person's own for an album. */
export function PickPhotos({
  albumId,
  title,
  onDone,
}: {
  albumId: string;
  title: string;
  onDone: () => void;
}) {
  const text = useText();
  const { photos, error } = usePhotoList('timeline', ['photos'], (engine) => engine.timeline.photos());
  if (error) return <FailedPage error={error} />;
  return (
    <Page
      title={text('albums.pick.title', { name: title })}
      lead={text('albums.pick.text')}
      actions={
        <>
          <ButtonLink href={`/uploads?album=${albumId}`}>{text('albums.addNew')}</ButtonLink>
          <Button onPress={onDone}>{text('albums.cancel')}</Button>
        </>
      }
    >
      {!photos && <Spinner />}
      {photos?.length === 0 && (
        <OnceKnown>
          <EmptyState icon={<Images aria-hidden="true" />} title={text('albums.pick.empty')} />
        </OnceKnown>
      )}
      {photos && photos.length > 0 && (
        <PhotoGrid
          photos={photos}
          label={text('albums.pick.grid')}
          actions={(selected) => <AddSelected albumId={albumId} selected={selected} onDone={onDone} />}
        />
      )}
    </Page>
  );
}

function AddSelected({
  albumId,
  selected,
  onDone,
}: {
  albumId: string;
  selected: readonly Tile[];
  onDone: () => void;
}) {
  const text = useText();
  const say = useErrorText();
  const add = useMutation({
    mutationFn: () => addToAlbum(albumId, selected),
    onSuccess: (added) => {
      toast(text('albums.added', { photos: added }));
      onDone();
    },
    onError: (error) => toast(say(error)),
  });
  return (
    <Button kind="primary" onPress={() => add.mutate()} isPending={add.isPending}>
      <Plus aria-hidden="true" />
      {text('albums.pick.add', { photos: selected.length })}
    </Button>
  );
}
