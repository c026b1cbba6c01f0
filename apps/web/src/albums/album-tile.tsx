import { Album, ImageOff, UsersRound } from 'lucide-react';
import { Link } from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';
import { Thumbnail } from '../media/thumbnail.tsx';
import type { AlbumCard } from './album-types.ts';
import styles from './albums.module.css';

/** An album in a list: its cover, its name, and what is in it. */
export function AlbumTile({ album }: { album: AlbumCard }) {
  const text = useText();
  const { albumId, name, isVault, isShared, ownerName, people, photos, cover, problem } = album;
  const facts = [
    text('albums.photos', { photos }),
    ...(isShared && !isVault && ownerName ? [text('albums.by', { name: ownerName })] : []),
    ...(people > 1 ? [text('albums.people', { people })] : []),
  ];
  return (
    <Link href={`/albums/${albumId}`} className={styles.tile ?? ''}>
      <span className={styles.cover}>
        {problem ? (
          <ImageOff aria-hidden="true" />
        ) : cover ? (
          <Thumbnail photo={cover} />
        ) : (
          <Album aria-hidden="true" />
        )}
        {people > 1 && (
          <span className={styles.mark}>
            <UsersRound aria-hidden="true" />
          </span>
        )}
      </span>
      <bdi className={styles.name}>
        {problem === 'name-damaged' ? text('albums.damagedName') : isVault ? text('albums.vault.name') : name}
      </bdi>
      <span className={styles.facts}>{problem ? text('albums.damaged') : facts.join(' · ')}</span>
    </Link>
  );
}
