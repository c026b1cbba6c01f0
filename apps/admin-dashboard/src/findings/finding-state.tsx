import type { Finding } from '@heirloom/contracts';
import { useText } from '../i18n/use-text.ts';
import { Badge, type BadgeTone } from '../tables/badge.tsx';

const tones: Record<Finding['state'], BadgeTone> = {
  open: 'warn',
  repairing: 'warn',
  repaired: 'good',
  unrepairable: 'danger',
  reported: 'info',
  gone: 'plain',
};

export function FindingState({ state }: Pick<Finding, 'state'>) {
  const text = useText();
  return <Badge tone={tones[state]}>{text(`findings.state.${state}`)}</Badge>;
}
