import { File, Film, Image } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from '../media/photo-list.ts';
import { useSizes } from '@heirloom/ui';
import styles from './lightbox.module.css';
import type { PhotoDetails } from './photo-details.ts';

const icons = { image: Image, video: Film, other: File };

/** A file that browsers cannot show: its name and size, and that it can be downloaded. */
export function PlainStage({ tile, details }: { tile: Tile; details: PhotoDetails | null }) {
  const text = useText();
  const sizes = useSizes();
  const Icon = icons[tile.kind];
  return (
    <div className={styles.plain} data-state="plain">
      <Icon aria-hidden="true" />
      <p className={styles.plainTitle}>
        <bdi>{tile.name}</bdi>
      </p>
      {details && <p>{sizes.bytes(details.bytes)}</p>}
      <p>{text('lightbox.plain')}</p>
    </div>
  );
}
