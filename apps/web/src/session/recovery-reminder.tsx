import { Link, useRouterState } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';
import styles from './session.module.css';
import { useKeptRecoveryKey, useRecoveryKey } from './use-recovery-key.ts';

/**
 * Reminds of the recovery key on every page until it is confirmed. What is known from before is told at once, so that the page
 * does not move later under whoever reads it.
 */
export function RecoveryReminder() {
  const text = useText();
  const { data: kept } = useKeptRecoveryKey();
  const { data = kept } = useRecoveryKey();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  if (!data || data === 'confirmed' || path === '/recovery-key') return null;
  return (
    <aside className={styles.reminder} aria-label={text('session.kit.title')}>
      <KeyRound aria-hidden="true" />
      <span>{text('session.reminder')}</span>
      <Link to="/recovery-key">{text('session.reminder.do')}</Link>
    </aside>
  );
}
