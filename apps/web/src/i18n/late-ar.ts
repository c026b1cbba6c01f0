import { catalogueOf } from './text.ts';

export const catalogue = catalogueOf(
  import.meta.glob('../{family,session,welcome}/text/ar.json', { eager: true, import: 'default' }),
);
