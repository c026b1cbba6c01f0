import { catalogueOf } from './text.ts';

export const catalogue = catalogueOf(
  import.meta.glob('../{family,session,welcome}/text/de.json', { eager: true, import: 'default' }),
);
