import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { TextId } from './text.ts';

export type TextValues = Readonly<Record<string, string | number | Date>>;
export type SayText = (id: TextId, values?: TextValues) => string;

/** `const text = useText(); text('scrubs.title')`: the message in the reader's language. */
export function useText(): SayText {
  const intl = useIntl();
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl]);
}
