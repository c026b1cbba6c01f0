import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { PhotoDetails } from './photo-details.ts';

const two = (value: number) => String(value).padStart(2, '0');

/** `UTC+02:00`; minutes east. */
export function zoneText(offsetMinutes: number): string {
  const minutes = Math.abs(offsetMinutes);
  return `UTC${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The camera's own clock in words, with its zone where it is known: never the reader's zone. */
export function useTakenText(): (taken: NonNullable<PhotoDetails['taken']>) => string {
  const intl = useIntl();
  return useCallback(
    ({ local, offsetMinutes }) => {
      const at = Date.parse(`${local.slice(0, 19)}Z`);
      const words = intl.formatDate(at, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });
      return offsetMinutes === null ? words : `${words} (${zoneText(offsetMinutes)})`;
    },
    [intl],
  );
}
