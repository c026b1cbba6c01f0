import { IconButton, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { BookPlus, Download, Heart, HeartOff, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useSavePhotos } from '../downloads/use-save-photos.ts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from '../media/photo-list.ts';

const AlbumChooser = lazy(async () => ({ default: (await import('./album-chooser.tsx')).AlbumChooser }));

export interface SelectionActionsProps {
  /** Photos of the person's own library. */
  selected: readonly Tile[];
  /** Ends the selection. */
  onDone: () => void;
}

/** What can be done with photos that were selected. */
export function SelectionActions({ selected, onDone }: SelectionActionsProps) {
  const text = useText();
  const say = useErrorText();
  const [isChoosing, choose] = useState(false);
  const save = useSavePhotos();
  const photos = selected.map(({ photo }) => photo);
  const fail = (error: unknown) => toast(say(error));
  const restore = useMutation({
    mutationFn: (ids: string[]) => ask((engine) => engine.trash.restore(ids)),
    onError: fail,
  });
  const trash = useMutation({
    mutationFn: () => ask((engine) => engine.trash.move(photos)),
    onError: fail,
    onSuccess: (ids) => {
      toast(text('timeline.trashed', { count: ids.length }), {
        label: text('timeline.undo'),
        onAction: () => restore.mutate(ids),
      });
      onDone();
    },
  });
  const isLiked = selected.every(({ isFavourite }) => isFavourite);
  const like = useMutation({
    mutationFn: () => ask((engine) => engine.selection.setFavourite(photos, !isLiked)),
    onError: fail,
    onSuccess: () => toast(text(isLiked ? 'timeline.unliked' : 'timeline.liked', { count: photos.length })),
  });
  return (
    <>
      <IconButton
        label={text(isLiked ? 'timeline.unlike' : 'timeline.like')}
        icon={isLiked ? <HeartOff aria-hidden="true" /> : <Heart aria-hidden="true" />}
        isPending={like.isPending}
        onPress={() => like.mutate()}
      />
      <IconButton
        label={text('timeline.addToAlbum')}
        icon={<BookPlus aria-hidden="true" />}
        onPress={() => choose(true)}
      />
      <IconButton
        label={text('downloads.save')}
        icon={<Download aria-hidden="true" />}
        isPending={save.isPending}
        onPress={() => save.saveSelected(selected)}
      />
      <IconButton
        label={text('timeline.trash')}
        icon={<Trash2 aria-hidden="true" />}
        isPending={trash.isPending}
        onPress={() => trash.mutate()}
      />
      {isChoosing && (
        <Suspense>
          <AlbumChooser photos={selected} onClose={() => choose(false)} onDone={onDone} />
        </Suspense>
      )}
    </>
  );
}
