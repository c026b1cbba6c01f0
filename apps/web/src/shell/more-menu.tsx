import { ActionMenu } from '@heirloom/ui';
import { useRouter } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';
import { NewNotices, type Place } from './navigation.tsx';
import styles from './shell.module.css';

/** The pages that have no room in a phone's bar. Loaded after the first screen is drawn. */
export function MoreMenu({ places, newNotices }: { places: readonly Place[]; newNotices: number }) {
  const text = useText();
  const router = useRouter();
  return (
    <ActionMenu
      label={text('shell.more')}
      trigger={
        <Button className={`${styles.link ?? ''}`} style={{ inlineSize: '100%' }}>
          <Ellipsis aria-hidden="true" />
          {text('shell.more')}
          <NewNotices count={newNotices} />
        </Button>
      }
      actions={places.map(({ to, label, icon: Icon }) => ({
        id: to,
        label: text(label),
        icon: <Icon aria-hidden="true" />,
        onAction: () => void router.navigate({ to }),
      }))}
    />
  );
}
