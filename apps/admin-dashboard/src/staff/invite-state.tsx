import type { StaffInvite } from '@heirloom/contracts';
import { useText } from '../i18n/use-text.ts';
import { Badge } from '../tables/badge.tsx';

export function InviteState({ state }: Pick<StaffInvite, 'state'>) {
  const text = useText();
  return <Badge tone={state === 'open' ? 'info' : 'plain'}>{text(`staff.state.${state}`)}</Badge>;
}
