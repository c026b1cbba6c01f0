import { IconButton, toast } from '@heirloom/ui';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { Dialog, Modal, ModalOverlay, useLocale } from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';
import type { PhotoList, Tile } from '../media/photo-list.ts';
import { useTileText } from '../media/tile-text.ts';
import { usePreloaded } from '../media/use-picture.ts';
import { FilmStage } from './film-stage.tsx';
import { InfoPanel } from './info-panel.tsx';
import { LightboxBar } from './lightbox-bar.tsx';
import styles from './lightbox.module.css';
import { nextPhoto } from './next-photo.ts';
import { PictureStage } from './picture-stage.tsx';
import { PlainStage } from './plain-stage.tsx';
import { usePhotoDetails } from './use-photo-details.ts';
import type { Zoom } from './use-zoom.ts';
import { stepFactor } from './zoom.ts';

export interface LightboxProps {
  /** In which one goes forwards and back. */
  photos: PhotoList;
  /** Id of the photo that is shown. */
  photo: string;
  onMove: (photo: string) => void;
  onClose: () => void;
}

/** One photo or film at a time, over the whole window. */
export function Lightbox({ photos, photo, onMove, onClose }: LightboxProps) {
  const text = useText();
  const place = photos.placeOf(photo);
  const isMissing = place < 0;
  const lastPlace = useRef(-1);
  useEffect(() => {
    if (!isMissing) {
      lastPlace.current = place;
      return;
    }
    // It went into the trash, or out of it: the one that took its place is next.
    const next = photos.photo(Math.min(lastPlace.current, photos.length - 1));
    if (lastPlace.current >= 0 && next !== '') return onMove(next);
    toast(text('lightbox.missing'));
    onClose();
    // Said once for a photo, whatever else is drawn anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isMissing, place, photo]);
  if (isMissing) return null;
  return (
    <ModalOverlay isOpen onOpenChange={(isOpen) => isOpen || onClose()} className={styles.shade ?? ''}>
      <Modal className={styles.modal ?? ''}>
        <Opened photos={photos} place={place} onMove={onMove} onClose={onClose} />
      </Modal>
    </ModalOverlay>
  );
}

interface OpenedProps extends Pick<LightboxProps, 'photos' | 'onMove' | 'onClose'> {
  place: number;
}

function Opened({ photos, place, onMove, onClose }: OpenedProps) {
  const text = useText();
  const say = useTileText();
  const { direction } = useLocale();
  const zoomer = useRef<Zoom | null>(null);
  const [hasInfo, showInfo] = useState(false);
  const tile = photos.at(place);
  const details = usePhotoDetails(tile);
  const near = (step: number): Tile | null =>
    place + step >= 0 && place + step < photos.length ? photos.at(place + step) : null;
  const [before, after] = [near(-1), near(1)];
  usePreloaded(after, before);
  const right = direction === 'rtl' ? -1 : 1;
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (asked.current === tile.photo) asked.current = null;
  }, [tile.photo]);
  const go = (step: number) => {
    const next = nextPhoto(photos, tile.photo, asked.current, step);
    if (next === null) return;
    asked.current = next;
    onMove(next);
  };
  const dialog = useKeys(zoomer, (step) => go(step * right));
  const label = say(tile);
  return (
    <Dialog ref={dialog} aria-label={label} className={styles.dialog ?? ''}>
      <div className={styles.main}>
        <LightboxBar
          tile={tile}
          details={details}
          place={text('lightbox.place', { place: place + 1, count: photos.length })}
          hasInfo={hasInfo}
          onInfo={() => showInfo((is) => !is)}
          zoomer={zoomer}
          onClose={onClose}
        />
        <Stage
          key={`${tile.photo}/${tile.version}`}
          {...{ tile, details, label, zoomer }}
          onSwipe={(to) => go(to * right)}
        />
        {before && <Arrow label={text('lightbox.previous')} isNext={false} onPress={() => go(-1)} />}
        {after && <Arrow label={text('lightbox.next')} isNext onPress={() => go(1)} />}
        <span className={styles.unseen} role="status">
          {label}
        </span>
      </div>
      {hasInfo && details && <InfoPanel tile={tile} details={details} onClose={() => showInfo(false)} />}
    </Dialog>
  );
}

interface StageProps {
  tile: Tile;
  details: ReturnType<typeof usePhotoDetails>;
  label: string;
  zoomer: RefObject<Zoom | null>;
  onSwipe: (to: -1 | 1) => void;
}

function Stage({ tile, details, label, zoomer, onSwipe }: StageProps) {
  if (tile.kind === 'video') return <FilmStage tile={tile} label={label} />;
  if (tile.kind === 'image' || tile.hasThumbnail || tile.problem !== null)
    return <PictureStage {...{ tile, details, zoomer, onSwipe }} alt={label} />;
  return (
    <div className={styles.stage}>
      <PlainStage tile={tile} details={details} />
    </div>
  );
}

function Arrow({ label, isNext, onPress }: { label: string; isNext: boolean; onPress: () => void }) {
  const Icon = isNext ? ChevronRight : ChevronLeft;
  return (
    <span className={`${styles.arrow ?? ''} ${(isNext ? styles.next : styles.previous) ?? ''}`}>
      <IconButton label={label} icon={<Icon aria-hidden="true" />} onPress={onPress} />
    </span>
  );
}

const panPixels = 80;
const arrows: Readonly<Record<string, { x: number; y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/**
 * Arrows go on, or move a picture that is zoomed in; plus, minus and zero zoom.
 * @param go - 1 to the right
 * @returns for the element that hears the keys
 */
function useKeys(zoomer: RefObject<Zoom | null>, go: (step: number) => void): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement | null>(null);
  const latest = useRef(go);
  useLayoutEffect(() => void (latest.current = go));
  useEffect(() => {
    const box = element.current;
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, target, altKey, ctrlKey, metaKey } = event;
      if (altKey || ctrlKey || metaKey || (target as Element).closest('input, textarea, video')) return;
      const zoom = zoomer.current;
      const arrow = arrows[key];
      if (key === '+' || key === '=') zoom?.zoomBy(stepFactor);
      else if (key === '-') zoom?.zoomBy(1 / stepFactor);
      else if (key === '0') zoom?.reset();
      else if (arrow && zoom && zoom.view.scale > 1)
        zoom.panBy({ x: -arrow.x * panPixels, y: -arrow.y * panPixels });
      else if (arrow && arrow.x !== 0) latest.current(arrow.x);
      else return;
      event.preventDefault();
    };
    box?.addEventListener('keydown', onKeyDown);
    return () => box?.removeEventListener('keydown', onKeyDown);
  }, [zoomer]);
  return element;
}
