import type { PhotoId } from '@heirloom/contracts';
import type { Vault } from '../library/vault.ts';

type Owner = Pick<Vault, 'photoNotes'>;

/** Marks photos as favourites of this person, or not any more; of their own library or of albums that they have. */
export const setFavourite = (vault: Owner, photos: readonly PhotoId[], favourite: boolean): Promise<void> =>
  vault.photoNotes.change(photos, { favourite });

/** Writes the person's caption of a photo; an empty one takes it away. @throws AppError `bad-request` when it is too long. */
export const setCaption = (vault: Owner, photo: PhotoId, caption: string): Promise<void> =>
  vault.photoNotes.change([photo], { caption: caption.trim() || null });
