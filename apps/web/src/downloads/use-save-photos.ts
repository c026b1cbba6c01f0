import { toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { downloadPhoto } from '../lightbox/media-address.ts';
import type { Tile } from '../media/photo-list.ts';
import type { ArchiveContents } from './archives.ts';
import { savePhotos } from './saving.ts';

/** `2026-11-23`, as the person's clock has it. */
const today = (): string => new Date().toLocaleDateString('sv-SE');

/** Saves originals on this device: one as it is, more of them or a whole album as one file. */
export function useSavePhotos() {
  const text = useText();
  const say = useErrorText();
  const fail = (error: unknown) => toast(say(error));
  const save = async (contents: ArchiveContents, name: string) => {
    const report = { name: text('downloads.report.name'), words: text('downloads.report') };
    await savePhotos({ contents, name, report });
  };
  const { mutate, isPending } = useMutation({
    mutationFn: async (work: () => Promise<void>) => await work(),
    onError: fail,
  });
  return {
    isPending,
    saveSelected: (selected: readonly Tile[]): void => {
      const [only] = selected;
      if (only && selected.length === 1)
        return mutate(() => downloadPhoto(only, only.name || only.photo, fail));
      const photos = selected.map(({ collection, photo, version }) => ({ collection, photo, version }));
      mutate(() => save(photos, `Heirloom ${today()}`));
    },
    saveAlbum: (albumId: string, name: string): void => mutate(() => save({ collection: albumId }, name)),
  };
}
