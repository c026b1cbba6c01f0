import { catalogueOf } from '@heirloom/ui';

/** All words but those of the first screen. */
export const catalogue = catalogueOf(
  import.meta.glob(['../*/text/ar.json', '!../{app,media,shell,timeline}/text/ar.json'], {
    eager: true,
    import: 'default',
  }),
);
