import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import type { RecoverySheet } from './recovery-key-engine.ts';

/** The sheet as plain text in the person's language, for a file. */
export function useSheetText({ server, email, words, madeAt }: RecoverySheet): string {
  const text = useText();
  const intl = useIntl();
  return [
    text('session.sheet.title').toLocaleUpperCase(intl.locale),
    '',
    text('session.sheet.what'),
    text('session.sheet.keep'),
    '',
    `${text('session.sheet.server')}: ${server}`,
    `${text('session.sheet.email')}: ${email}`,
    `${text('session.sheet.date')}: ${intl.formatDate(madeAt, { dateStyle: 'long' })}`,
    '',
    ...words.map((word, i) => `${String(i + 1).padStart(2)}. ${word}`),
    '',
    `${text('session.sheet.use')}: ${text('session.sheet.how', { server })}`,
    '',
  ].join('\r\n');
}
