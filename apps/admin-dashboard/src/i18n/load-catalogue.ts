import type { Catalogue, Language } from '@heirloom/ui';

/** Each language is a file of its own, fetched when it is chosen. */
const loaders: Partial<Record<Language, () => Promise<{ catalogue: Catalogue }>>> = {
  en: () => import('./catalogue-en.ts'),
};

export const spokenLanguages = Object.keys(loaders) as Language[];

/** The language itself where these pages speak it, else English. */
export const spokenLanguage = (wanted: Language): Language => (wanted in loaders ? wanted : 'en');

export const loadCatalogue = async (language: Language): Promise<Catalogue> =>
  (await (loaders[language] ?? loaders.en!)()).catalogue;
