import { AppError, errorCodes } from '@heirloom/contracts';
import { languageOf } from '@heirloom/ui';
import { useCallback } from 'react';
import { useIntl } from 'react-intl';

/**
 * Says an error in the reader's language. What is more exact than the code's own sentence, or has no translation here, is
 * shown as the server said it.
 */
export function useErrorText(): (error: unknown) => string {
  const intl = useIntl();
  return useCallback(
    (error) => {
      if (!(error instanceof AppError)) return intl.formatMessage({ id: 'app.error.unexpected' });
      const isExact = error.message !== errorCodes[error.code][1];
      const id = `app.error.${error.code}`;
      const isKnown = Object.hasOwn(intl.messages, id);
      if (!isKnown || (isExact && languageOf(intl.locale) === 'en')) return error.message;
      return intl.formatMessage({ id });
    },
    [intl],
  );
}
