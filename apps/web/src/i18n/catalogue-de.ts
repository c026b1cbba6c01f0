import { catalogueOf } from './text.ts';

export const catalogue = catalogueOf(
  import.meta.glob(['../*/text/de.json', '!../{family,session,welcome}/text/de.json'], {
    eager: true,
    import: 'default',
  }),
);
