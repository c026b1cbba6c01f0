import { appearanceOf, readPreferences, type Appearance } from '@heirloom/ui';

/** What a person chose for this browser. Nothing of it is secret, and it outlives signing out. */
export interface Preferences extends Appearance {
  /** Minutes without a touch after which keys are forgotten; 0 for never. */
  idleLockMinutes: number;
}

const idleChoices = [0, 5, 15, 60];

export function ownPreferences(): Preferences {
  const kept = readPreferences();
  const { idleLockMinutes } = kept;
  return {
    ...appearanceOf(kept),
    idleLockMinutes: idleChoices.includes(idleLockMinutes as number) ? (idleLockMinutes as number) : 60,
  };
}
