import { Button, Notice, Spinner } from '@heirloom/ui';
import { useEffect, useRef, useState } from 'react';
import type { EngineError } from '../engine/errors.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { PhotoRef, Tile } from '../media/photo-list.ts';
import { usePreview, useThumbnail } from '../media/use-picture.ts';
import { isDamage } from './faults.ts';
import styles from './lightbox.module.css';
import { openAddress, type MediaAddress } from './media-address.ts';
import { Damaged } from './picture-stage.tsx';

/** A film, opened while it plays: only what is looked at is fetched. */
export function FilmStage({ tile, label }: { tile: Tile; label: string }) {
  const text = useText();
  const say = useErrorText();
  const isWhole = tile.problem === null;
  const [tries, setTries] = useState(0);
  const stage = useRef<HTMLDivElement>(null);
  const tryAgain = () => {
    // The button goes away: without a focus in the dialog, no key would reach it.
    stage.current?.closest<HTMLElement>('[role="dialog"]')?.focus();
    setTries((before) => before + 1);
  };
  const { url, fault, refuse } = useFilm(tile, isWhole, tries);
  const preview = usePreview(isWhole ? tile : null);
  const thumbnail = useThumbnail(isWhole && tile.hasThumbnail ? tile : null);
  const poster = [preview, thumbnail].find((one) => one?.state === 'shown');
  if (!isWhole || isDamage(fault)) {
    return (
      <div className={styles.stage}>
        <Damaged />
      </div>
    );
  }
  return (
    <div ref={stage} className={styles.stage}>
      {fault !== null && (
        <div className={styles.middle}>
          <Notice tone="danger" actions={<Button onPress={tryAgain}>{text('app.retry')}</Button>}>
            {fault === 'unplayable' ? text('lightbox.film.unplayable') : say(fault)}
          </Notice>
        </div>
      )}
      {fault === null && url === null && (
        <span className={styles.middle}>
          <Spinner />
        </span>
      )}
      {fault === null && url !== null && (
        // What a family filmed has no captions of its own.
        <video
          className={styles.film}
          src={url}
          aria-label={label}
          controls
          playsInline
          preload="metadata"
          {...(poster?.state === 'shown' ? { poster: poster.url } : {})}
          onError={refuse}
        />
      )}
    </div>
  );
}

type Fault = EngineError | 'unplayable' | null;

/** The film's address while it is looked at. @param tries - another number begins anew */
function useFilm({ collection, photo, version }: PhotoRef, isWanted: boolean, tries: number) {
  const [url, setUrl] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault>(null);
  useEffect(() => {
    if (!isWanted) return;
    let isGone = false;
    let address: MediaAddress | null = null;
    const fail = (error: EngineError) => isGone || setFault(error);
    openAddress({ collection, photo, version }, 'film', fail).then((opened) => {
      address = opened;
      if (isGone) opened.close();
      else setUrl(opened.url);
    }, fail);
    return () => {
      isGone = true;
      address?.close();
      setUrl(null);
      setFault(null);
    };
  }, [collection, photo, version, isWanted, tries]);
  // What the engine says is more exact than what the player says.
  return { url, fault, refuse: () => setFault((before) => before ?? 'unplayable') };
}
