import { Link, useRouterState } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useId } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useKeptRecoveryKey, useRecoveryKey } from '../session/use-recovery-key.ts';
import styles from './shell.module.css';

/**
 * Reminds of the recovery key on every page until it is confirmed. What is known from before is told at once, so that the page
 * does not move later under whoever reads it.
 */
export function RecoveryReminder() {
  const text = useText();
  const says = useId();
  const { data: kept } = useKeptRecoveryKey();
  const { data = kept } = useRecoveryKey();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  if (!data || data === 'confirmed' || path === '/recovery-key') return null;
  return (
    <aside className={`${styles.banner ?? ''} ${styles.reminder ?? ''}`} aria-labelledby={says}>
      <KeyRound aria-hidden="true" />
      <span id={says}>{text('shell.reminder')}</span>
      <Link to="/recovery-key">{text('shell.reminder.do')}</Link>
    </aside>
  );
}
