import { Notice, Spinner } from '@heirloom/ui';
import { ImageOff } from 'lucide-react';
import { useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from '../media/photo-list.ts';
import { usePreview, useThumbnail } from '../media/use-picture.ts';
import { isDamage } from './faults.ts';
import styles from './lightbox.module.css';
import type { PhotoDetails } from './photo-details.ts';
import { PlainStage } from './plain-stage.tsx';
import { isDrawable } from './shown-types.ts';
import { useOriginal } from './use-original.ts';
import { useZoom, type Zoom } from './use-zoom.ts';

/** From here on the preview has too few pixels. */
const originalScale = 1.3;

export interface PictureStageProps {
  tile: Tile;
  details: PhotoDetails | null;
  /** What screen readers say. */
  alt: string;
  /** The buttons and keys around it zoom by this. */
  zoomer: RefObject<Zoom | null>;
  /** 1 to what is on the right, -1 to the left. */
  onSwipe: (to: -1 | 1) => void;
}

/** A picture: its thumbnail at once, then the preview, and the original when it is looked at closely. */
export function PictureStage({ tile, details, alt, zoomer, onSwipe }: PictureStageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useZoom(stage, { aspect: tile.aspect, originalWidth: details?.width ?? 0, onSwipe });
  useLayoutEffect(() => {
    zoomer.current = zoom;
    return () => void (zoomer.current = null);
  });
  const { layers, state } = useLayers(tile, details, zoom.view.scale);
  const { x, y, scale } = zoom.view;
  return (
    <div ref={stage} className={styles.stage} data-zoomed={scale > 1 || undefined}>
      {state === 'damaged' && <Damaged />}
      {state === 'plain' && <PlainStage tile={tile} details={details} />}
      {state !== 'damaged' && layers.length > 0 && (
        <div
          className={styles.picture}
          data-held={zoom.isHeld || undefined}
          data-state={state}
          style={{
            inlineSize: zoom.fitted.width,
            blockSize: zoom.fitted.height,
            transform: `translate(${x}px, ${y}px) scale(${scale})`,
          }}
        >
          {layers.map((url, i) => (
            <img
              key={url}
              src={url}
              alt={i === layers.length - 1 ? alt : ''}
              draggable={false}
              decoding="async"
            />
          ))}
        </div>
      )}
      <Under state={state} isEmpty={layers.length === 0} />
    </div>
  );
}

/** `thumbnail`, `preview`, `original`: what is the best that is shown. */
type StageState =
  'waiting' | 'plain' | 'damaged' | 'absent' | 'thumbnail' | 'preview' | 'enlarging' | 'original';

/** The pictures above each other, the best last, and what is the matter. */
function useLayers(
  tile: Tile,
  details: PhotoDetails | null,
  scale: number,
): { layers: string[]; state: StageState } {
  const isWhole = tile.problem === null;
  const thumbnail = useThumbnail(isWhole && tile.hasThumbnail ? tile : null);
  const preview = usePreview(isWhole && details?.hasPreview !== false ? tile : null);
  const [isClose, close] = useState(false);
  if (scale > originalScale && !isClose) close(true);
  const canDraw = details !== null && isDrawable(details.mediaType, details.bytes);
  const original = useOriginal(tile, isWhole && canDraw && (isClose || !details.hasPreview));
  const layers = [thumbnail, preview, original].flatMap((one) => (one?.state === 'shown' ? [one.url] : []));
  const isDamaged =
    !isWhole ||
    preview?.state === 'damaged' ||
    (thumbnail?.state === 'damaged' && preview?.state !== 'shown') ||
    (original.state === 'failed' && isDamage(original.error));
  const stateOf = (): StageState => {
    if (isDamaged) return 'damaged';
    if (original.state === 'shown') return 'original';
    if (original.state === 'waiting') return layers.length > 0 ? 'enlarging' : 'waiting';
    if (preview?.state === 'shown') return 'preview';
    if (details === null) return layers.length > 0 ? 'thumbnail' : 'waiting';
    if (details.hasPreview)
      return preview?.state === 'absent' ? 'absent' : layers.length > 0 ? 'thumbnail' : 'waiting';
    if (original.state === 'failed') return 'absent';
    return layers.length > 0 ? 'thumbnail' : 'plain';
  };
  return { layers, state: stateOf() };
}

/** What is said below the picture, or in its place. */
function Under({ state, isEmpty }: { state: StageState; isEmpty: boolean }) {
  const text = useText();
  if (state === 'waiting') {
    return (
      <span className={styles.middle}>
        <Spinner />
      </span>
    );
  }
  if (state === 'enlarging') {
    return (
      <span className={styles.hint} role="status">
        <Spinner />
        {text('lightbox.enlarging')}
      </span>
    );
  }
  if (state !== 'absent') return null;
  return (
    <div className={isEmpty ? styles.middle : styles.hint}>
      <Notice tone="warn">{text('lightbox.absent')}</Notice>
    </div>
  );
}

/** Never another picture in the place of one that does not open. */
export function Damaged() {
  const text = useText();
  return (
    <div className={styles.plain} role="status" data-state="damaged">
      <ImageOff aria-hidden="true" />
      <p className={styles.plainTitle}>{text('lightbox.damaged.title')}</p>
      <p>{text('lightbox.damaged.text')}</p>
    </div>
  );
}
