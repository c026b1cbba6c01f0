import { catalogueOf } from './text.ts';

export const catalogue = catalogueOf(
  import.meta.glob(['../*/text/es.json', '!../{family,session,welcome}/text/es.json'], {
    eager: true,
    import: 'default',
  }),
);
