import { Button, ButtonLink, Card, EmptyState, Notice, Page, Soft, Spinner } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { useEffect } from 'react';
import { useIntl } from 'react-intl';
import { ask } from '../engine/use-engine.ts';
import type { TextId } from '../i18n/text.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { NoticeCard } from './notices-engine.ts';
import styles from './notices.module.css';

/** What happened around the person's vault. */
export function NoticesPage() {
  const text = useText();
  const say = useErrorText();
  const {
    data: notices,
    error,
    refetch,
  } = useQuery({
    queryKey: ['notices', 'list'],
    queryFn: () => ask((engine) => engine.notices.list()),
    staleTime: 0,
  });
  const hasNew = notices?.some(({ isNew, at }) => isNew && at !== null) ?? false;
  useEffect(() => {
    if (!hasNew) return;
    // They stay marked as new for as long as this page is open.
    return () => void ask((engine) => engine.notices.seen()).catch(() => undefined);
  }, [hasNew]);
  return (
    <Page title={text('notices.title')} isNarrow>
      {error && !notices && (
        <Notice tone="warn" actions={<Button onPress={() => void refetch()}>{text('app.retry')}</Button>}>
          {say(error)}
        </Notice>
      )}
      {!notices && !error && <Spinner />}
      {notices?.length === 0 && (
        <EmptyState icon={<Bell aria-hidden="true" />} title={text('notices.empty.title')}>
          {text('notices.empty.text')}
        </EmptyState>
      )}
      {notices && notices.length > 0 && (
        <ul className={styles.list}>
          {notices.map((notice) => (
            <li key={notice.id}>
              <OneNotice notice={notice} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

const places: Partial<Record<NoticeCard['kind'], { href: string; label: TextId }>> = {
  'recovery-key-missing': { href: '/recovery-key', label: 'notices.toRecoveryKey' },
  'recovery-key-unconfirmed': { href: '/recovery-key', label: 'notices.toRecoveryKey' },
  'device-signed-in': { href: '/devices', label: 'notices.toDevices' },
  'recovery-key-used': { href: '/devices', label: 'notices.toDevices' },
  'password-changed': { href: '/devices', label: 'notices.toDevices' },
  'sessions-ended': { href: '/devices', label: 'notices.toDevices' },
  'member-joined': { href: '/family', label: 'notices.toFamily' },
};

function OneNotice({ notice }: { notice: NoticeCard }) {
  const text = useText();
  const intl = useIntl();
  const { kind, at, isNew, albumId } = notice;
  const place =
    albumId === null ? places[kind] : { href: `/albums/${albumId}`, label: 'notices.toAlbum' as const };
  const link = place && <ButtonLink href={place.href}>{text(place.label)}</ButtonLink>;
  const sentence = text(`notices.${kind}`, {
    name: notice.name,
    by: notice.by,
    role: notice.role,
    reason: notice.reason,
    isYou: String(notice.isYou),
    byRecoveryKey: String(notice.byRecoveryKey),
  });
  if (at === null)
    return (
      <Notice tone="warn" actions={link}>
        {sentence}
      </Notice>
    );
  return (
    <Card>
      <div className={styles.notice}>
        <div>
          {isNew && <span className={styles.new}>{text('notices.new')}</span>} {sentence}
          <Soft>{intl.formatDate(at, { dateStyle: 'long', timeStyle: 'short' })}</Soft>
        </div>
        {link}
      </div>
    </Card>
  );
}
