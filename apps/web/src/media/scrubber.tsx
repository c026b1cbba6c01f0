import {
  useCallback,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { monthsOf, rowAt, type Month } from './layout.ts';
import type { PhotoList } from './photo-list.ts';
import styles from './scrubber.module.css';
import { useMonthText } from './tile-text.ts';
import { useScrolled, type GridLayout } from './use-grid-layout.ts';

export interface ScrubberProps {
  grid: RefObject<HTMLDivElement | null>;
  photos: PhotoList;
  layout: GridLayout;
}

/** Fewer months than these are quicker scrolled through. */
const fewScreens = 3;
/** Years stand so far from each other at least, as a share of the scrubber. */
const yearShare = 0.045;

const keySteps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -12, PageDown: 12 };

/** Goes to a month: drawn by mouse or finger along the true heights of the months, or month by month with the keyboard. */
export function Scrubber({ grid, photos, layout }: ScrubberProps) {
  const text = useText();
  const say = useMonthText();
  const track = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [isHeld, hold] = useState(false);
  useScrolled(
    grid,
    useCallback((at: number) => setTop(Math.max(0, at)), []),
  );
  const months = useMemo(() => monthsOf(photos, layout), [photos, layout]);
  const most = Math.max(1, layout.height - window.innerHeight * 0.5);
  const at = Math.max(0, rowAt(months, top + layout.headingHeight));
  const current = months[at];
  const scrollTo = (height: number) => {
    const box = grid.current;
    if (box)
      window.scrollTo({
        top: window.scrollY + box.getBoundingClientRect().top + height + 1,
        behavior: 'instant',
      });
  };
  const drag = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (box) scrollTo(Math.min(1, Math.max(0, (event.clientY - box.top) / box.height)) * most);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const goal =
      event.key === 'Home' ? 0 : event.key === 'End' ? months.length - 1 : at + (keySteps[event.key] ?? 0);
    const month = months[Math.min(months.length - 1, Math.max(0, goal))];
    if (!(event.key in keySteps) && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    if (month) scrollTo(month.top);
  };
  if (!current || months.length < 2 || layout.height < window.innerHeight * fewScreens) return null;
  const share = (height: number) => `${Math.min(1, height / most) * 100}%`;
  return (
    <div className={styles.place} data-held={isHeld || undefined}>
      <div
        ref={track}
        role="slider"
        tabIndex={0}
        className={styles.track}
        aria-label={text('media.scrubber')}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={months.length - 1}
        aria-valuenow={at}
        aria-valuetext={say(current.takenAt)}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          hold(true);
          drag(event);
        }}
        onPointerMove={(event) => isHeld && drag(event)}
        onPointerUp={() => hold(false)}
        onPointerCancel={() => hold(false)}
      >
        <Years months={months} most={most} share={share} />
        <span className={styles.thumb} style={{ insetBlockStart: share(top) }}>
          <span className={styles.bubble}>{say(current.takenAt)}</span>
        </span>
      </div>
    </div>
  );
}

/** The years beside the track, as many as have room. */
function Years({
  months,
  most,
  share,
}: {
  months: readonly Month[];
  most: number;
  share: (height: number) => string;
}) {
  const intl = useIntl();
  const years: { year: number; top: number }[] = [];
  for (const { takenAt, top } of months) {
    const year = new Date(takenAt).getUTCFullYear();
    const last = years.at(-1);
    if (last?.year === year || (last && (top - last.top) / most < yearShare)) continue;
    years.push({ year, top });
  }
  return years.map(({ year, top }) => (
    <span
      key={`${year}-${top}`}
      className={styles.year}
      style={{ insetBlockStart: share(top) }}
      aria-hidden="true"
    >
      {intl.formatDate(Date.UTC(year, 6), { timeZone: 'UTC', year: 'numeric' })}
    </span>
  ));
}
