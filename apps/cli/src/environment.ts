/** What the program takes from its surroundings, read once. */
export interface Environment {
  HEIRLOOM_HOME?: string | undefined;
  HEIRLOOM_PASSWORD?: string | undefined;
  /** For `heirloom passwd`. */
  HEIRLOOM_NEW_PASSWORD?: string | undefined;
  HEIRLOOM_RECOVERY_WORDS?: string | undefined;
  XDG_DATA_HOME?: string | undefined;
}

/** An empty setting counts as none. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return {
    HEIRLOOM_HOME: env.HEIRLOOM_HOME || undefined,
    HEIRLOOM_PASSWORD: env.HEIRLOOM_PASSWORD || undefined,
    HEIRLOOM_NEW_PASSWORD: env.HEIRLOOM_NEW_PASSWORD || undefined,
    HEIRLOOM_RECOVERY_WORDS: env.HEIRLOOM_RECOVERY_WORDS || undefined,
    XDG_DATA_HOME: env.XDG_DATA_HOME || undefined,
  };
}
