import { Button, EmptyState, Page, Spinner } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import { FailedPage } from '../app/failed-page.tsx';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import { PhotoList, type Tile } from '../media/photo-list.ts';
import { PhotosView } from '../media/photos-view.tsx';
import { OnceKnown } from '../timeline/once-known.tsx';
import { EmptyDialog, type Leaving } from './empty-dialog.tsx';
import { useTrashActions } from './use-trash-actions.ts';

const dayMs = 24 * 3600_000;

/** Whole days, begun ones counted. */
const daysUntil = (at: number): number => Math.max(0, Math.ceil((at - Date.now()) / dayMs));

interface Trash {
  photos: PhotoList;
  keptUntil: Map<string, number>;
}

/** What was moved to the trash, how long it stays, and the ways out of it. */
export function TrashPage() {
  const text = useText();
  const { data: trash, error } = useQuery({
    queryKey: ['timeline', 'trash'],
    queryFn: async (): Promise<Trash> => {
      const { photos, keptUntil } = await ask((engine) => engine.trash.list());
      return { photos: new PhotoList(photos), keptUntil };
    },
    structuralSharing: false,
  });
  if (error) return <FailedPage error={error} />;
  if (trash && trash.photos.length > 0) return <FullTrash {...trash} />;
  return (
    <Page title={text('trash.title')}>
      {!trash && <Spinner />}
      {trash && (
        <OnceKnown>
          <EmptyState icon={<Trash2 aria-hidden="true" />} title={text('trash.empty.title')}>
            {text('trash.empty.text')}
          </EmptyState>
        </OnceKnown>
      )}
    </Page>
  );
}

function FullTrash({ photos, keptUntil }: Trash) {
  const text = useText();
  const { restore } = useTrashActions();
  const [leaving, leave] = useState<Leaving | null>(null);
  const noteOf = useCallback(
    ({ photo }: Tile) => text('trash.days', { days: daysUntil(keptUntil.get(photo) ?? 0) }),
    [text, keptUntil],
  );
  const all = () => Array.from({ length: photos.length }, (_, place) => photos.photo(place));
  const leavingOf = (ids: readonly string[], isAll: boolean): Leaving => {
    const days = ids.map((id) => keptUntil.get(id) ?? 0);
    return { photos: ids, isAll, first: Math.min(...days), last: Math.max(...days) };
  };
  return (
    <Page
      title={text('trash.title')}
      lead={text('trash.lead')}
      actions={
        <>
          <Button isPending={restore.isPending} onPress={() => restore.mutate(all())}>
            {text('trash.restore.all')}
          </Button>
          <Button kind="danger" onPress={() => leave(leavingOf(all(), true))}>
            {text('trash.empty')}
          </Button>
        </>
      }
    >
      <PhotosView
        photos={photos}
        hasDays={false}
        noteOf={noteOf}
        actions={(selected, clear) => {
          const ids = selected.map(({ photo }) => photo);
          return (
            <>
              <Button isPending={restore.isPending} onPress={() => restore.mutate(ids, { onSuccess: clear })}>
                {text('trash.restore')}
              </Button>
              <Button kind="danger" onPress={() => leave(leavingOf(ids, false))}>
                {text('trash.delete')}
              </Button>
            </>
          );
        }}
      />
      {leaving && <EmptyDialog leaving={leaving} onClose={() => leave(null)} />}
    </Page>
  );
}
