import type { SettingInForce, SettingOrigin } from '@heirloom/contracts';
import type { z } from 'zod';
import { describeSettings } from './describe-settings.ts';
import { readEach, type Environment } from './read-config.ts';

/** What whoever calls `run` reads itself, and what it put into the services' environment. */
export interface CallersSettings {
  readonly settings: z.ZodObject;
  /** The environment as the operator gave it. */
  readonly env: Environment;
  /** Names that the caller made a value for, since nobody else did. */
  readonly made: readonly string[];
}

/**
 * The settings of some groups as they hold, each once, by name. Of a secret it tells nothing but whether it is set.
 *
 * @param env what the service was started with
 */
export function settingsInForce(
  groups: readonly z.ZodObject[],
  env: Environment,
  caller?: CallersSettings,
): SettingInForce[] {
  const all = [...groups, ...(caller ? [caller.settings] : [])].flatMap((shape) => {
    const given = readEach(shape, env).raw;
    const byCaller = caller ? readEach(shape, caller.env).raw : {};
    return describeSettings(shape).map(({ name, purpose, type, byDefault, isSecret }): SettingInForce => {
      const isCallers = caller !== undefined && Object.hasOwn(caller.settings.shape, name);
      const isMade = caller?.made.includes(name) ?? false;
      const raw = isCallers && !isMade ? byCaller[name] : given[name];
      const origin = isMade ? 'home' : originOf(name, raw, isCallers ? caller.env : env);
      const value = isSecret ? null : (raw ?? byDefault ?? null);
      return {
        name,
        description: purpose,
        type,
        origin,
        isSecret,
        isSet: raw !== undefined,
        value: value === null ? null : withoutPassword(value),
      };
    });
  });
  const byName = new Map(all.map((setting) => [setting.name, setting]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function originOf(name: string, raw: string | undefined, env: Environment): SettingOrigin {
  if (raw === undefined) return 'default';
  return env[name] ? 'environment' : 'file';
}

/** An address may carry a user's password where nobody thought of one. */
function withoutPassword(value: string): string {
  if (!URL.canParse(value)) return value;
  const url = new URL(value);
  if (!url.password) return value;
  url.password = '…';
  return decodeURI(url.href);
}
