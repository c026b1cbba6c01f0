import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './notice.module.css';

export type NoticeTone = 'info' | 'good' | 'warn' | 'danger';
const icons = { info: Info, good: CircleCheck, warn: TriangleAlert, danger: CircleAlert };

export interface NoticeProps {
  tone?: NoticeTone;
  children: ReactNode;
  /** What a person can do about it. */
  actions?: ReactNode;
}

/** A sentence that people should see: an error is announced at once, the rest when there is a pause. */
export function Notice({ tone = 'info', children, actions }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className={`${styles.notice} ${styles[tone] ?? ''}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon aria-hidden="true" />
      <div className={styles.body}>
        <div>{children}</div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
