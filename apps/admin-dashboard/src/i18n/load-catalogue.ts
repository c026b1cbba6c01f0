import type { Catalogue, Language } from '@heirloom/ui';

/** Each language is a file of its own, fetched when it is chosen. */
const loaders: Record<Language, () => Promise<{ catalogue: Catalogue }>> = {
  en: () => import('./catalogue-en.ts'),
  de: () => import('./catalogue-de.ts'),
  es: () => import('./catalogue-es.ts'),
  ar: () => import('./catalogue-ar.ts'),
};

export const loadCatalogue = async (language: Language): Promise<Catalogue> =>
  (await loaders[language]()).catalogue;
