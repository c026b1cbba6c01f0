import { Check, CircleCheck, Heart, Play } from 'lucide-react';
import { memo, useCallback, useState, type MouseEvent } from 'react';
import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { useDayText, useTileText } from './tile-text.ts';
import { placesIn } from './layout.ts';
import type { PhotoList, Tile } from './photo-list.ts';
import styles from './photo-grid.module.css';
import { holdsAll, type Selection } from './selection.ts';
import { Thumbnail } from './thumbnail.tsx';
import type { GridLayout } from './use-grid-layout.ts';

export interface TileHandlers {
  onPress: (place: number, event: MouseEvent) => void;
  onCheck: (place: number, event: MouseEvent) => void;
  onCheckAll: (from: number, to: number) => void;
  onFocus: (place: number) => void;
}

interface GridSectionProps {
  photos: PhotoList;
  layout: GridLayout;
  section: number;
  /** Rows of tiles that are drawn, by their places in the layout. */
  rows: readonly number[];
  active: number;
  selection: Selection;
  handlers: TileHandlers;
  canSelect: boolean;
  noteOf: ((tile: Tile) => string) | undefined;
}

/** One day: its heading, which stays at the top of the screen while the day is on it, and its rows. */
export function GridSection({ layout, section, rows, ...rest }: GridSectionProps) {
  const own = layout.sections[section];
  if (!own) return null;
  const { photos, active, selection, handlers, canSelect, noteOf } = rest;
  return (
    <div
      role="rowgroup"
      className={styles.section}
      style={{ insetBlockStart: own.top, blockSize: own.height }}
    >
      {layout.headingHeight > 0 && (
        <DayHeading
          takenAt={photos.takenAt(own.from)}
          height={layout.headingHeight}
          rowIndex={own.firstRow + 1}
          isSelected={holdsAll(photos, selection, own.from, own.to)}
          isNear={active >= own.from && active < own.to}
          {...(canSelect ? { onCheck: () => handlers.onCheckAll(own.from, own.to) } : {})}
        />
      )}
      {rows.map((at) => {
        const row = layout.rows[at];
        if (!row) return null;
        const places = placesIn(photos, row, layout.gap);
        return (
          <div
            key={at}
            role="row"
            aria-rowindex={at + 1}
            className={styles.row}
            style={{ insetBlockStart: row.top - own.top, blockSize: row.height }}
          >
            {places.map(({ left, width }, i) => (
              <TileCell
                key={photos.photo(row.from + i)}
                photos={photos}
                place={row.from + i}
                left={left}
                width={width}
                isActive={active === row.from + i}
                isSelected={selection.photos.has(photos.photo(row.from + i))}
                canSelect={canSelect}
                handlers={handlers}
                note={noteOf?.(photos.at(row.from + i)) ?? null}
              />
            ))}
          </div>
        );
      })}
    </div>
  );
}

interface DayHeadingProps {
  takenAt: number;
  height: number;
  rowIndex: number;
  isSelected: boolean;
  /** The tab stop is in this day, so that this is the day that the keyboard can select. */
  isNear: boolean;
  onCheck?: () => void;
}

function DayHeading({ takenAt, height, rowIndex, isSelected, isNear, onCheck }: DayHeadingProps) {
  const text = useText();
  const day = useDayText();
  return (
    <div role="row" aria-rowindex={rowIndex} className={styles.heading} style={{ blockSize: height }}>
      <div role="rowheader" className={styles.day}>
        <h2>{day(takenAt)}</h2>
      </div>
      {onCheck && (
        <div role="gridcell">
          <button
            type="button"
            className={styles.dayCheck}
            aria-pressed={isSelected}
            aria-label={text('media.select.day', { date: day(takenAt) })}
            tabIndex={isNear ? 0 : -1}
            onClick={onCheck}
          >
            <CircleCheck aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  );
}

interface TileCellProps {
  photos: PhotoList;
  place: number;
  left: number;
  width: number;
  isActive: boolean;
  isSelected: boolean;
  canSelect: boolean;
  handlers: TileHandlers;
  note: string | null;
}

const TileCell = memo(function TileCell({
  photos,
  place,
  left,
  width,
  isActive,
  isSelected,
  canSelect,
  handlers,
  note,
}: TileCellProps) {
  const say = useTileText();
  const tile = photos.at(place);
  const [isDamaged, setDamaged] = useState(false);
  const noteDamage = useCallback(() => setDamaged(true), []);
  const name = say(isDamaged ? { ...tile, problem: '' } : tile);
  return (
    <div
      role="gridcell"
      className={styles.tile}
      style={{ insetInlineStart: left, inlineSize: width }}
      data-place={place}
      tabIndex={isActive ? 0 : -1}
      aria-label={note === null ? name : `${name}, ${note}`}
      {...(canSelect ? { 'aria-selected': isSelected } : {})}
      onClick={(event) => handlers.onPress(place, event)}
      onFocus={() => handlers.onFocus(place)}
    >
      <span className={styles.picture}>
        <Thumbnail photo={tile} onDamage={noteDamage} />
      </span>
      <Marks tile={tile} />
      {note !== null && (
        <span className={styles.note} aria-hidden="true">
          {note}
        </span>
      )}
      {canSelect && (
        // Space selects for the keyboard; this is for a mouse, and for seeing what is selected.
        <span
          className={styles.check}
          data-selected={isSelected || undefined}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            handlers.onCheck(place, event);
          }}
        >
          <Check />
        </span>
      )}
    </div>
  );
});

function Marks({ tile: { kind, durationMs, isFavourite } }: { tile: Tile }) {
  const intl = useIntl();
  return (
    <>
      {kind === 'video' && (
        // Its name says the duration in words; these are no words that somebody who speaks to the page would say.
        <span
          className={styles.film}
          aria-hidden="true"
          data-duration={durationMs === null ? undefined : clock(intl.locale, durationMs)}
        >
          <Play />
        </span>
      )}
      {isFavourite && <Heart className={styles.heart ?? ''} aria-hidden="true" />}
    </>
  );
}

/** "1:05", in the digits of the language. */
function clock(locale: string, durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2, useGrouping: false });
  const one = new Intl.NumberFormat(locale, { useGrouping: false });
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = two.format(seconds % 60);
  return hours > 0 ? `${one.format(hours)}:${two.format(minutes)}:${rest}` : `${one.format(minutes)}:${rest}`;
}
