import { z } from 'zod';

/** What the program takes from its surroundings. */
export const cliSettings = z.object({
  HEIRLOOM_HOME: z
    .string()
    .optional()
    .describe('the profile folder with keys and index; ~/.local/share/heirloom when left out'),
  HEIRLOOM_PASSWORD: z
    .string()
    .optional()
    .describe('the password, where nobody can be asked')
    .meta({ secret: true }),
  HEIRLOOM_NEW_PASSWORD: z
    .string()
    .optional()
    .describe('the new password for heirloom passwd, where nobody can be asked')
    .meta({ secret: true }),
  HEIRLOOM_RECOVERY_WORDS: z
    .string()
    .optional()
    .describe('the words of the recovery key, where nobody can be asked')
    .meta({ secret: true }),
  HEIRLOOM_AUTHENTICATOR: z
    .string()
    .optional()
    .describe(
      'the secret of the authenticator (base32) for heirloom admin setup, login and authenticator, where nobody can be asked; beside the password it protects no better than that',
    )
    .meta({ secret: true }),
  HEIRLOOM_NEW_AUTHENTICATOR: z
    .string()
    .optional()
    .describe(
      'the secret of the next authenticator for heirloom admin authenticator, where nobody can be asked',
    )
    .meta({ secret: true }),
  XDG_DATA_HOME: z
    .string()
    .optional()
    .describe('where programs keep data; the profile folder is "heirloom" in it unless HEIRLOOM_HOME is set'),
});

/** The same, read once. */
export type Environment = z.output<typeof cliSettings>;

/** An empty setting counts as none. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return {
    HEIRLOOM_HOME: env.HEIRLOOM_HOME || undefined,
    HEIRLOOM_PASSWORD: env.HEIRLOOM_PASSWORD || undefined,
    HEIRLOOM_NEW_PASSWORD: env.HEIRLOOM_NEW_PASSWORD || undefined,
    HEIRLOOM_RECOVERY_WORDS: env.HEIRLOOM_RECOVERY_WORDS || undefined,
    HEIRLOOM_AUTHENTICATOR: env.HEIRLOOM_AUTHENTICATOR || undefined,
    HEIRLOOM_NEW_AUTHENTICATOR: env.HEIRLOOM_NEW_AUTHENTICATOR || undefined,
    XDG_DATA_HOME: env.XDG_DATA_HOME || undefined,
  };
}
