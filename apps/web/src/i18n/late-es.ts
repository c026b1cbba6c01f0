import { catalogueOf } from '@heirloom/ui';

/** All words but those of the first screen. */
export const catalogue = catalogueOf(
  import.meta.glob(['../*/text/es.json', '!../{app,media,shell,timeline}/text/es.json'], {
    eager: true,
    import: 'default',
  }),
);
