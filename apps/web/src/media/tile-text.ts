import { useCallback } from 'react';
import { useIntl, type IntlShape } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from './photo-list.ts';

/** Camera clocks are read as if they were UTC, so they are written as UTC too. */
const camera = { timeZone: 'UTC' } as const;

/** "Wednesday, 12 May 2021"; the year is left out while it lasts. */
export const dayText = (intl: Pick<IntlShape, 'formatDate'>, takenAt: number, now = Date.now()): string => {
  const isThisYear = new Date(takenAt).getUTCFullYear() === new Date(now).getFullYear();
  return intl.formatDate(takenAt, {
    ...camera,
    weekday: isThisYear ? 'long' : 'short',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
};

/** The day of a camera's clock in words. */
export function useDayText(): (takenAt: number) => string {
  const intl = useIntl();
  return useCallback((takenAt) => dayText(intl, takenAt), [intl]);
}

/** "May 2021". */
export function useMonthText(): (takenAt: number) => string {
  const intl = useIntl();
  return useCallback(
    (takenAt) => intl.formatDate(takenAt, { ...camera, month: 'long', year: 'numeric' }),
    [intl],
  );
}

/** What a tile is called: "Photo, 12 May 2021, IMG_1.jpg". */
export function useTileText(): (tile: Tile) => string {
  const intl = useIntl();
  const text = useText();
  return useCallback(
    ({ kind, takenAt, name, durationMs, isFavourite, problem }) => {
      const date = intl.formatDate(takenAt, { ...camera, day: 'numeric', month: 'long', year: 'numeric' });
      const values = { date, name: name || text('media.damaged.name') };
      const seconds = Math.round((durationMs ?? 0) / 1000);
      const duration = intl.formatNumber(seconds < 60 ? seconds : Math.round(seconds / 60), {
        style: 'unit',
        unit: seconds < 60 ? 'second' : 'minute',
        unitDisplay: 'long',
      });
      const isLong = kind === 'video' && durationMs !== null;
      let tile = isLong
        ? text('media.tile.video.long', { ...values, duration })
        : text(`media.tile.${kind}`, values);
      if (isFavourite) tile = text('media.tile.favourite', { tile });
      return problem === null ? tile : text('media.tile.damaged', { tile, damaged: text('media.damaged') });
    },
    [intl, text],
  );
}
