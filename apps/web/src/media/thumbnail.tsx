import { File, Film, Image, ImageOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from './photo-list.ts';
import styles from './thumbnail.module.css';
import { useThumbnail } from './use-picture.ts';

const icons = { image: Image, video: Film, other: File };

/** What a thumbnail needs of a photo. */
export type Pictured = Pick<
  Tile,
  'collection' | 'photo' | 'version' | 'name' | 'kind' | 'hasThumbnail' | 'problem'
>;

export interface ThumbnailProps {
  photo: Pictured;
  /** For screen readers; empty where what stands around it says it, the name too. */
  alt?: string;
  /** Hears that what was fetched is not what was stored. */
  onDamage?: () => void;
}

/**
 * A photo's thumbnail, as large as its place. A file without one is a plain tile with its name, one that does not open says
 * so: it is never another picture.
 */
export function Thumbnail({ photo, alt = '', onDamage }: ThumbnailProps) {
  const text = useText();
  const [undrawable, setUndrawable] = useState<string | null>(null);
  const picture = useThumbnail(photo.hasThumbnail && photo.problem === null ? photo : null);
  const isDamaged = picture?.state === 'damaged';
  useEffect(() => {
    if (isDamaged) onDamage?.();
  }, [isDamaged, onDamage]);
  if (photo.problem !== null || isDamaged) {
    return (
      <span className={`${styles.plain ?? ''} ${styles.damaged ?? ''}`} data-state="damaged">
        <ImageOff aria-hidden="true" />
        <span>{text('media.damaged')}</span>
      </span>
    );
  }
  if (picture?.state === 'shown' && undrawable !== picture.url) {
    return (
      <img
        className={styles.picture ?? ''}
        src={picture.url}
        alt={alt}
        decoding="async"
        draggable={false}
        data-state="shown"
        onError={() => setUndrawable(picture.url)}
      />
    );
  }
  if (picture?.state === 'waiting') return <span className={styles.waiting ?? ''} data-state="waiting" />;
  const Icon = icons[photo.kind];
  return (
    <span className={styles.plain ?? ''} data-state={picture ? 'absent' : 'plain'}>
      <Icon aria-hidden="true" />
      <span className={styles.name ?? ''} aria-hidden={alt === ''}>
        {photo.name}
      </span>
    </span>
  );
}
