import type { LocationStatus } from '@heirloom/contracts';
import { useText } from '../i18n/use-text.ts';
import { Badge, type BadgeTone } from '../tables/badge.tsx';

const tones: Record<LocationStatus['state'], BadgeTone> = {
  writable: 'good',
  'read-only': 'warn',
  unavailable: 'danger',
  removed: 'plain',
};

export function LocationState({ state }: Pick<LocationStatus, 'state'>) {
  const text = useText();
  return <Badge tone={tones[state]}>{text(`locations.state.${state}`)}</Badge>;
}
