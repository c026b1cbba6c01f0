import { toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

/** Moving photos to the trash, back, and away for good, with what is said about it. */
export function useTrashActions() {
  const text = useText();
  const say = useErrorText();
  const onError = (error: unknown) => toast(say(error));
  const restore = useMutation({
    mutationFn: (photos: readonly string[]) => ask((engine) => engine.trash.restore(photos)),
    onError,
    onSuccess: ({ back, gone }) => {
      if (back.length > 0) toast(text('trash.restored', { count: back.length }));
      if (gone > 0) toast(text('trash.gone', { count: gone }));
    },
  });
  const move = useMutation({
    mutationFn: (photos: readonly string[]) => ask((engine) => engine.trash.move(photos)),
    onError,
    onSuccess: (photos) =>
      toast(text('trash.moved', { count: photos.length }), {
        label: text('trash.undo'),
        onAction: () => restore.mutate(photos),
      }),
  });
  const empty = useMutation({
    mutationFn: (photos?: readonly string[]) => ask((engine) => engine.trash.empty(photos)),
    onError,
    onSuccess: (count) => toast(text('trash.emptied', { count })),
  });
  return { move, restore, empty };
}
