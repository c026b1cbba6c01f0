import { errorCodes, isErrorCode, type ErrorCode } from '@heirloom/contracts/errors';
import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import { languageOf } from '@heirloom/ui';

interface Failure {
  code?: unknown;
  message?: unknown;
}

const codeOf = ({ code }: Failure): ErrorCode | null => (isErrorCode(code) ? code : null);

/**
 * Says an error in the person's language: what happened and what to do next. Where the engine had a sentence more exact than
 * the code's own, and pages are in English, that one is shown.
 */
export function useErrorText(): (error: unknown) => string {
  const intl = useIntl();
  return useCallback(
    (error) => {
      const failure = (typeof error === 'object' && error !== null ? error : {}) as Failure;
      const code = codeOf(failure);
      if (code === null) return intl.formatMessage({ id: 'app.error.unexpected' });
      const message = typeof failure.message === 'string' ? failure.message : '';
      const isExact = message !== '' && message !== errorCodes[code][1];
      if (isExact && languageOf(intl.locale) === 'en') return message;
      return intl.formatMessage({ id: `app.error.${code}`, defaultMessage: message || errorCodes[code][1] });
    },
    [intl],
  );
}
