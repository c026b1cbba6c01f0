import type accounts from '../accounts/text/en.json';
import type app from '../app/text/en.json';
import type audit from '../audit/text/en.json';
import type families from '../families/text/en.json';
import type findings from '../findings/text/en.json';
import type jobs from '../jobs/text/en.json';
import type locations from '../locations/text/en.json';
import type overview from '../overview/text/en.json';
import type scrubs from '../scrubs/text/en.json';
import type session from '../session/text/en.json';
import type settings from '../settings/text/en.json';
import type shell from '../shell/text/en.json';
import type staff from '../staff/text/en.json';
import type tables from '../tables/text/en.json';

interface Nouns {
  accounts: typeof accounts;
  app: typeof app;
  audit: typeof audit;
  families: typeof families;
  findings: typeof findings;
  jobs: typeof jobs;
  locations: typeof locations;
  overview: typeof overview;
  scrubs: typeof scrubs;
  session: typeof session;
  settings: typeof settings;
  shell: typeof shell;
  staff: typeof staff;
  tables: typeof tables;
}

/** Names of all messages: `noun.key`, as the noun's text/en.json has it. ICU message format. */
export type TextId = { [N in keyof Nouns]: `${N}.${keyof Nouns[N] & string}` }[keyof Nouns];
