import { Button, Notice, Soft, Spinner, Stack } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { PlainPage } from '../shell/plain-page.tsx';
import { LanguageChoice } from '../welcome/language-choice.tsx';
import { ClosedLink } from './closed-link.tsx';
import styles from './family.module.css';
import { Invited } from './invited.tsx';
import { PasteLink } from './paste-link.tsx';
import { useInviteLink } from './use-invite-link.ts';

/** Where an invite link leads: for many the first thing that they see of Heirloom. */
export function JoinPage() {
  const text = useText();
  const { link, hold, drop } = useInviteLink();
  return (
    <PlainPage>
      {link === null ? (
        <Stack>
          <h1 tabIndex={-1}>{text('family.join.title')}</h1>
          <p>{text('family.join.none')}</p>
          <PasteLink onLink={hold} />
        </Stack>
      ) : (
        <Opened key={link} link={link} hold={hold} drop={drop} />
      )}
      <div className={styles.foot}>
        <LanguageChoice />
      </div>
    </PlainPage>
  );
}

interface OpenedProps {
  link: string;
  hold: (link: string) => void;
  drop: () => void;
}

function Opened({ link, hold, drop }: OpenedProps) {
  const text = useText();
  const say = useErrorText();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['invitation', link],
    queryFn: () => ask((engine) => engine.family.readInvitation(link)),
    gcTime: 0,
  });
  if (data && 'fault' in data) return <ClosedLink fault={data.fault} hold={hold} />;
  if (data) return <Invited link={link} invitation={data} drop={drop} />;
  return (
    <Stack>
      <h1 tabIndex={-1}>{text('family.join.title')}</h1>
      {error ? (
        <Notice
          tone="danger"
          actions={
            <Button kind="primary" isPending={isFetching} onPress={() => void refetch()}>
              {text('app.retry')}
            </Button>
          }
        >
          {say(error)}
        </Notice>
      ) : (
        <div className={styles.waiting} role="status">
          <Spinner />
          <Soft>{text('family.join.reading')}</Soft>
        </div>
      )}
    </Stack>
  );
}
