import { catalogueOf } from './text.ts';

export const catalogue = catalogueOf(
  import.meta.glob(['../*/text/en.json', '!../{family,session,welcome}/text/en.json'], {
    eager: true,
    import: 'default',
  }),
);
