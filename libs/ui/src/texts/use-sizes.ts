import { useMemo } from 'react';
import { useIntl } from 'react-intl';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Writes bytes and times as people of this language do. */
export function useSizes() {
  const intl = useIntl();
  return useMemo(
    () => ({
      bytes: (bytes: number): string => {
        const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
        const value = bytes / 1000 ** power;
        return intl.formatNumber(value, {
          style: 'unit',
          unit: units[power] ?? 'byte',
          unitDisplay: 'short',
          maximumFractionDigits: power < 2 || value >= 100 ? 0 : 1,
        });
      },
      /** Roughly: a person wants to know whether to wait or to have tea. */
      time: (seconds: number): string => {
        const [unit, value] =
          seconds < 60
            ? (['second', Math.max(5, Math.ceil(seconds / 5) * 5)] as const)
            : seconds < 3600
              ? (['minute', Math.ceil(seconds / 60)] as const)
              : (['hour', Math.round(seconds / 360) / 10] as const);
        return intl.formatNumber(value, { style: 'unit', unit, unitDisplay: 'long' });
      },
    }),
    [intl],
  );
}
