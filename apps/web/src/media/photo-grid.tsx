import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { useText } from '../i18n/use-text.ts';
import { GridSection, type TileHandlers } from './grid-section.tsx';
import { rowOf } from './layout.ts';
import type { PhotoList, Tile } from './photo-list.ts';
import styles from './photo-grid.module.css';
import { Scrubber } from './scrubber.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { extend, keepPresent, nothing, toggle, toggleAll, type Selection } from './selection.ts';
import { useGridKeys, type GridKeys } from './use-grid-keys.ts';
import { useGridLayout, useVisibleRows, useWidth, type GridLayout } from './use-grid-layout.ts';
import { useTouchSelection } from './use-touch-selection.ts';

export interface PhotoGridProps {
  photos: PhotoList;
  /** What the grid is called by screen readers; "Photos" unless given. */
  label?: string;
  /** A photo was opened; pages show it in the lightbox. Without it a press selects. */
  onOpen?: (tile: Tile) => void;
  /** Buttons for the photos that were selected; `clear` ends the selection. Without it nothing can be selected. */
  actions?: (selected: readonly Tile[], clear: () => void) => ReactNode;
  /** Headings for days, and a scrubber for months. Not for lists in another order. */
  hasDays?: boolean;
  /** A few words on each tile. */
  noteOf?: (tile: Tile) => string;
  /** The photo that was seen last elsewhere: another object scrolls to it and gives it the focus. */
  lastShown?: { place: number } | null;
}

/** Photos in justified rows; only what is on the screen is in the page, however many there are. */
export function PhotoGrid(props: PhotoGridProps) {
  const { photos, label, onOpen, actions, hasDays = true, noteOf, lastShown = null } = props;
  const text = useText();
  const grid = useRef<HTMLDivElement>(null);
  const width = useWidth(grid);
  const layout = useGridLayout(photos, width, hasDays);
  const keys = useGridKeys(grid, photos, layout);
  const { focus } = keys;
  useEffect(() => {
    if (lastShown) focus(lastShown.place);
    // Once for each: a new layout must not take the focus again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [lastShown]);
  const [chosen, choose] = useState<Selection>(nothing);
  const selection = useMemo(() => keepPresent(chosen, (photo) => photos.placeOf(photo)), [chosen, photos]);
  const clear = useCallback(() => choose(nothing), []);
  const handlers = useTileHandlers({
    photos,
    selection,
    choose,
    keys,
    onOpen,
    canSelect: actions !== undefined,
  });
  useTouchSelection(grid, {
    onBegin: (place) => actions && choose((now) => toggle(photos, now, place)),
    onReach: (place) => actions && choose((now) => extend(photos, now, place)),
  });
  const onKeyDown = useGridShortcuts({
    photos,
    selection,
    choose,
    keys,
    onOpen,
    canSelect: actions !== undefined,
  });
  const isSelecting = selection.photos.size > 0;
  const selected = () => photosOf(photos, selection);
  return (
    <div className={styles.frame} data-selecting={isSelecting || undefined}>
      <div
        ref={grid}
        role="grid"
        className={styles.grid}
        style={{ blockSize: layout.height }}
        aria-label={label ?? text('media.grid')}
        aria-multiselectable={actions !== undefined}
        aria-rowcount={layout.rows.length}
        onKeyDown={onKeyDown}
      >
        <Sections
          photos={photos}
          layout={layout}
          grid={grid}
          active={keys.active}
          selection={selection}
          handlers={handlers}
          canSelect={actions !== undefined}
          noteOf={noteOf}
        />
      </div>
      {hasDays && <Scrubber grid={grid} photos={photos} layout={layout} />}
      {actions && isSelecting && (
        <SelectionBar count={selection.photos.size} onClear={clear}>
          {actions(selected(), clear)}
        </SelectionBar>
      )}
    </div>
  );
}

const photosOf = (list: PhotoList, { photos }: Selection): Tile[] =>
  [...photos]
    .map((photo) => list.placeOf(photo))
    .filter((place) => place >= 0)
    .sort((a, b) => a - b)
    .map((place) => list.at(place));

interface GridState {
  photos: PhotoList;
  selection: Selection;
  choose: (change: Selection | ((now: Selection) => Selection)) => void;
  keys: GridKeys;
  onOpen: ((tile: Tile) => void) | undefined;
  canSelect: boolean;
}

/** What presses do. The functions stay the same from drawing to drawing, so that tiles need not be drawn again. */
function useTileHandlers(state: GridState): TileHandlers {
  const latest = useRef(state);
  useLayoutEffect(() => {
    latest.current = state;
  });
  return useMemo(
    () => ({
      onPress: (place: number, event: MouseEvent) => {
        const { photos, selection, choose, keys, onOpen, canSelect } = latest.current;
        keys.activate(place);
        const isRange = event.shiftKey;
        const isMore = !onOpen || event.ctrlKey || event.metaKey || selection.photos.size > 0;
        if (canSelect && isRange) choose(extend(photos, selection, place));
        else if (canSelect && isMore) choose(toggle(photos, selection, place));
        else onOpen?.(photos.at(place));
      },
      onCheck: (place: number, event: MouseEvent) => {
        const { photos, selection, choose, keys } = latest.current;
        keys.activate(place);
        choose(event.shiftKey ? extend(photos, selection, place) : toggle(photos, selection, place));
      },
      onCheckAll: (from: number, to: number) => {
        const { photos, selection, choose } = latest.current;
        choose(toggleAll(photos, selection, from, to));
      },
      onFocus: (place: number) => latest.current.keys.activate(place),
    }),
    [],
  );
}

/** What keys do on a tile. */
function useGridShortcuts({ photos, selection, choose, keys, onOpen, canSelect }: GridState) {
  return (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape' && selection.photos.size > 0) {
      event.stopPropagation();
      choose(nothing);
      return;
    }
    if (!(event.target as HTMLElement).hasAttribute('data-place')) return;
    if (event.key === 'Enter' && onOpen) {
      event.preventDefault();
      onOpen(photos.at(keys.active));
    } else if ((event.key === ' ' || event.key === 'Enter') && canSelect) {
      event.preventDefault();
      choose((event.shiftKey ? extend : toggle)(photos, selection, keys.active));
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && canSelect) {
      event.preventDefault();
      choose({ ...toggleAll(photos, nothing, 0, photos.length), anchor: selection.anchor });
    } else {
      const before = keys.active;
      const goal = keys.onStep(event);
      if (goal === null || !event.shiftKey || !canSelect) return;
      choose(extend(photos, { ...selection, anchor: selection.anchor ?? before }, goal));
    }
  };
}

interface SectionsProps {
  photos: PhotoList;
  layout: GridLayout;
  grid: React.RefObject<HTMLDivElement | null>;
  active: number;
  selection: Selection;
  handlers: TileHandlers;
  canSelect: boolean;
  noteOf: ((tile: Tile) => string) | undefined;
}

/** The days that are on the screen, and the one with the tab stop, wherever it is. */
function Sections({ photos, layout, grid, active, ...rest }: SectionsProps) {
  const { first, last } = useVisibleRows(grid, layout);
  const shown = new Map<number, number[]>();
  const show = (at: number) => {
    const row = layout.rows[at];
    if (!row) return;
    const rows = shown.get(row.section) ?? [];
    if (rows.length === 0) shown.set(row.section, rows);
    if (row.kind === 'tiles' && !rows.includes(at)) rows.push(at);
  };
  const activeRow = rowOf(layout, active);
  if (activeRow < first) show(activeRow);
  for (let at = first; at <= last; at += 1) show(at);
  if (activeRow > last) show(activeRow);
  return [...shown].map(([section, rows]) => (
    <GridSection
      key={section}
      photos={photos}
      layout={layout}
      section={section}
      rows={rows}
      active={active}
      {...rest}
    />
  ));
}
