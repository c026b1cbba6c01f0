import { useSizes } from '@heirloom/ui';
import { useMemo } from 'react';
import { useIntl } from 'react-intl';

/** Writes moments, numbers and sizes as the reader's language does. What is null has not happened, or nobody knows it: a dash. */
export function useFormat() {
  const intl = useIntl();
  const sizes = useSizes();
  return useMemo(
    () => ({
      moment: (at: Date | null | undefined): string =>
        at ? intl.formatDate(at, { dateStyle: 'medium', timeStyle: 'short' }) : '–',
      exactMoment: (at: Date): string => intl.formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' }),
      day: (at: Date): string => intl.formatDate(at, { dateStyle: 'medium', timeZone: 'UTC' }),
      time: (at: Date): string => intl.formatTime(at, { timeStyle: 'medium' }),
      count: (n: number | null | undefined): string =>
        n === null || n === undefined ? '–' : intl.formatNumber(n),
      bytes: (n: number | null | undefined): string => (n === null || n === undefined ? '–' : sizes.bytes(n)),
      list: (words: readonly string[]): string => intl.formatList(words),
      share: (share: number): string =>
        intl.formatNumber(share, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }),
      /** A length of time, in its largest unit. */
      lasting: (ms: number): string => {
        const seconds = ms / 1000;
        const [unit, value] =
          seconds < 1
            ? (['millisecond', ms] as const)
            : seconds < 90
              ? (['second', seconds] as const)
              : seconds < 5400
                ? (['minute', seconds / 60] as const)
                : seconds < 36 * 3600
                  ? (['hour', seconds / 3600] as const)
                  : (['day', seconds / 86_400] as const);
        return intl.formatNumber(value, {
          style: 'unit',
          unit,
          unitDisplay: 'long',
          maximumFractionDigits: 0,
        });
      },
    }),
    [intl, sizes],
  );
}
