import { useText } from '../i18n/use-text.ts';
import { Badge } from '../tables/badge.tsx';

export function AccountState({ lockedAt }: { lockedAt: Date | null }) {
  const text = useText();
  return lockedAt ? (
    <Badge tone="danger">{text('accounts.state.locked')}</Badge>
  ) : (
    <Badge tone="good">{text('accounts.state.open')}</Badge>
  );
}
