import type activity from '../activity/text/en.json';
import type albums from '../albums/text/en.json';
import type app from '../app/text/en.json';
import type downloads from '../downloads/text/en.json';
import type family from '../family/text/en.json';
import type lightbox from '../lightbox/text/en.json';
import type media from '../media/text/en.json';
import type notices from '../notices/text/en.json';
import type safety from '../safety/text/en.json';
import type search from '../search/text/en.json';
import type session from '../session/text/en.json';
import type settings from '../settings/text/en.json';
import type shell from '../shell/text/en.json';
import type timeline from '../timeline/text/en.json';
import type trash from '../trash/text/en.json';
import type uploads from '../uploads/text/en.json';
import type welcome from '../welcome/text/en.json';

interface Nouns {
  activity: typeof activity;
  albums: typeof albums;
  app: typeof app;
  downloads: typeof downloads;
  family: typeof family;
  lightbox: typeof lightbox;
  media: typeof media;
  notices: typeof notices;
  safety: typeof safety;
  search: typeof search;
  session: typeof session;
  settings: typeof settings;
  shell: typeof shell;
  timeline: typeof timeline;
  trash: typeof trash;
  uploads: typeof uploads;
  welcome: typeof welcome;
}

/** Names of all messages: `noun.key`, as the noun's text/en.json has it. ICU message format. */
export type TextId = { [N in keyof Nouns]: `${N}.${keyof Nouns[N] & string}` }[keyof Nouns];
