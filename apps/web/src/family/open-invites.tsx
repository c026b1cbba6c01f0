import { Button, Card, Notice } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useIntl } from 'react-intl';
import { Mail } from 'lucide-react';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { WaitingInvite } from './family-engine.ts';
import styles from './family.module.css';

/** Links that somebody can still use. */
export function OpenInvites({ invites }: { invites: readonly WaitingInvite[] }) {
  const text = useText();
  const say = useErrorText();
  const intl = useIntl();
  const revoke = useMutation({
    mutationFn: (inviteId: string) => ask((engine) => engine.family.revokeInvite(inviteId)),
  });
  return (
    <Card labelledBy="open-invites">
      <h2 id="open-invites">{text('family.open')}</h2>
      {revoke.error && <Notice tone="danger">{say(revoke.error)}</Notice>}
      <ul className={styles.people}>
        {invites.map(({ inviteId, role, expiresAt }) => (
          <li key={inviteId}>
            <span className={styles.face} aria-hidden="true">
              <Mail />
            </span>
            <div>
              <div className={styles.name}>{text(`family.role.${role}`)}</div>
              <div className={styles.facts}>
                {text('family.open.until', {
                  date: intl.formatDate(expiresAt, { dateStyle: 'long', timeStyle: 'short' }),
                })}
              </div>
            </div>
            <Button
              isPending={revoke.isPending && revoke.variables === inviteId}
              onPress={() => revoke.mutate(inviteId)}
            >
              {text('family.open.revoke')}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
