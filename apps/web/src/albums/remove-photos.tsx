import { Button, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { CircleMinus } from 'lucide-react';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from '../media/photo-list.ts';

/** Takes the selected photos out of the album, and says that they are not lost. */
export function RemovePhotos({
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
  const remove = useMutation({
    mutationFn: () =>
      ask((engine) =>
        engine.albums.remove(
          albumId,
          selected.map(({ photo }) => photo),
        ),
      ),
    onSuccess: () => {
      toast(text('albums.removed', { photos: selected.length }));
      onDone();
    },
    onError: (error) => toast(say(error)),
  });
  return (
    <Button onPress={() => remove.mutate()} isPending={remove.isPending}>
      <CircleMinus aria-hidden="true" />
      {text('albums.remove')}
    </Button>
  );
}
