import {
  checkSettings,
  ConfigError,
  readAllSettings,
  readConfig,
  type Environment,
} from '@heirloom/service-kit';
import { databaseSettingOf } from './databases.ts';
import { secretMakers, services } from './services.ts';
import { homeSettings } from './settings.ts';

/** What home's start would make of a file of settings. See `checkSettings`. */
export const checkHome = (file: string) => checkSettings(file, readHome);

/** Reads everything as a start does, with stand-ins for what home makes by itself. */
function readHome(env: Environment): void {
  const problems: string[] = [];
  const attempt = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  };
  attempt(() => readConfig(homeSettings, env));
  const database = 'postgres://home@127.0.0.1/heirloom';
  const made = {
    ...Object.fromEntries(services.map((service) => [databaseSettingOf(service), database])),
    ...Object.fromEntries(Object.entries(secretMakers()).map(([name, make]) => [name, make()])),
    HEIRLOOM_JOBS: 'postgres',
    HEIRLOOM_JOBS_DATABASE_URL: database,
  };
  const hasLocations = env['HEIRLOOM_LOCATIONS'] || env['HEIRLOOM_LOCATIONS_FILE'];
  const places = ['a', 'b', 'c'].map((id) => ({ id, driver: 'directory', path: `/${id}` }));
  const locations = hasLocations ? {} : { HEIRLOOM_LOCATIONS: JSON.stringify(places) };
  attempt(() =>
    readAllSettings(services, { ...env, ...made, ...locations }, Object.keys(homeSettings.shape)),
  );
  // What home and several services read is wrong once; each says with words of its own what it is for.
  const byFault = new Map(problems.map((problem) => [problem.split(' It is: ', 1)[0]!, problem]));
  if (byFault.size > 0) throw new ConfigError([...byFault.values()]);
}
