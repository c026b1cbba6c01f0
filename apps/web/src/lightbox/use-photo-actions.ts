import { toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from '../media/photo-list.ts';
import { useTrashActions } from '../trash/use-trash-actions.ts';
import { downloadPhoto } from './media-address.ts';

/** What can be done with the photo in the lightbox. */
export function usePhotoActions(tile: Tile) {
  const text = useText();
  const say = useErrorText();
  const fail = (error: unknown) => toast(say(error));
  const { move, restore } = useTrashActions();
  const favourite = useMutation({
    mutationFn: (isFavourite: boolean) =>
      ask((engine) => engine.selection.setFavourite([tile.photo], isFavourite)),
    onError: fail,
  });
  const download = useMutation({
    mutationFn: () => downloadPhoto(tile, tile.name || tile.photo, fail),
    onError: fail,
    onSuccess: () => toast(text('lightbox.downloading', { name: tile.name })),
  });
  return {
    favourite,
    download,
    trash: () => move.mutate([tile.photo]),
    restore: () => restore.mutate([tile.photo]),
    isMoving: move.isPending || restore.isPending,
  };
}
