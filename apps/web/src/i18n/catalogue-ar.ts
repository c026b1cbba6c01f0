import { catalogueOf } from './text.ts';

export const catalogue = catalogueOf(
  import.meta.glob(['../*/text/ar.json', '!../{family,session,welcome}/text/ar.json'], {
    eager: true,
    import: 'default',
  }),
);
