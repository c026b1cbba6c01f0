import { IconButton } from '@heirloom/ui';
import { ArchiveRestore, Download, Heart, Info, Trash2, X, ZoomIn, ZoomOut } from 'lucide-react';
import type { RefObject } from 'react';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from '../media/photo-list.ts';
import styles from './lightbox.module.css';
import type { PhotoDetails } from './photo-details.ts';
import { usePhotoActions } from './use-photo-actions.ts';
import type { Zoom } from './use-zoom.ts';
import { stepFactor } from './zoom.ts';

export interface LightboxBarProps {
  tile: Tile;
  details: PhotoDetails | null;
  /** "3 of 1,200". */
  place: string;
  hasInfo: boolean;
  onInfo: () => void;
  zoomer: RefObject<Zoom | null>;
  onClose: () => void;
}

/** The buttons above a photo. */
export function LightboxBar(props: LightboxBarProps) {
  const { tile, details, place, hasInfo, onInfo, zoomer, onClose } = props;
  const text = useText();
  const { favourite, download, trash, restore, isMoving } = usePhotoActions(tile);
  const isInTrash = (details?.keptUntil ?? null) !== null;
  const isFavourite = favourite.isPending ? favourite.variables : (details?.isFavourite ?? tile.isFavourite);
  return (
    <div className={styles.bar}>
      <IconButton label={text('lightbox.close')} icon={<X aria-hidden="true" />} onPress={onClose} />
      <span className={styles.place}>{place}</span>
      {tile.kind === 'image' && (
        <span className={styles.wideOnly}>
          <IconButton
            label={text('lightbox.zoomOut')}
            icon={<ZoomOut aria-hidden="true" />}
            onPress={() => zoomer.current?.zoomBy(1 / stepFactor)}
          />
          <IconButton
            label={text('lightbox.zoomIn')}
            icon={<ZoomIn aria-hidden="true" />}
            onPress={() => zoomer.current?.zoomBy(stepFactor)}
          />
        </span>
      )}
      {!isInTrash && (
        <IconButton
          label={text('lightbox.favourite')}
          icon={<Heart aria-hidden="true" data-filled={isFavourite || undefined} />}
          isPressed={isFavourite}
          onPress={() => favourite.mutate(!isFavourite)}
        />
      )}
      <IconButton
        label={text('lightbox.download')}
        icon={<Download aria-hidden="true" />}
        isPending={download.isPending}
        onPress={() => download.mutate()}
      />
      <IconButton
        label={text('lightbox.info')}
        icon={<Info aria-hidden="true" />}
        isPressed={hasInfo}
        onPress={onInfo}
      />
      {isInTrash && (
        <IconButton
          label={text('trash.restore')}
          icon={<ArchiveRestore aria-hidden="true" />}
          isPending={isMoving}
          onPress={restore}
        />
      )}
      {details?.isOwn && !isInTrash && (
        <IconButton
          label={text('lightbox.trash')}
          icon={<Trash2 aria-hidden="true" />}
          isPending={isMoving}
          onPress={trash}
        />
      )}
    </div>
  );
}
