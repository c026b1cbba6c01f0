import { useEffect, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { IntlProvider } from 'react-intl';
import type { Catalogue } from './catalogue.ts';
import { directionOf, localeOf, type Language } from './languages.ts';

export interface SpokenProps {
  language: Language;
  /** Of that language. */
  catalogue: Catalogue;
  children: ReactNode;
}

/** Speaks a language in its direction, by its catalogue, with numbers and dates as where the person lives. */
export function Spoken({ language, catalogue, children }: SpokenProps) {
  const locale = localeOf(language, navigator.languages);
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dir = directionOf(language);
  }, [language, locale]);
  return (
    <IntlProvider locale={locale} messages={{ ...catalogue }} onError={refuseMissing}>
      <I18nProvider locale={locale}>{children}</I18nProvider>
    </IntlProvider>
  );
}

/** Catalogues are complete by a test; what is wrong in one should be seen. */
function refuseMissing(error: Error): void {
  throw error;
}
