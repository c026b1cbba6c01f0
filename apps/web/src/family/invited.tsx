import { Button, ButtonLink, Card, Notice, Row, Soft, Spinner, Stack } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { Eye, Images, LockKeyhole } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { isolate } from '../app/isolate.ts';
import { sessionQuery } from '../app/router.tsx';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { SignInForm } from '../session/sign-in-form.tsx';
import styles from './family.module.css';
import { JoinAsNewcomer, JoinAsYourself } from './joining.tsx';
import type { InvitationView } from './joining-engine.ts';

interface InvitedProps {
  link: string;
  invitation: InvitationView;
  drop: () => void;
}

/** Who invites, to what, and the way in. */
export function Invited({ link, invitation, drop }: InvitedProps) {
  const { data: session } = useQuery(sessionQuery);
  const [way, setWay] = useState<'look' | 'new' | 'known'>('look');
  const text = useText();
  const [hasFailed, setFailed] = useState(false);
  // While a newcomer's account is made and joins, the page stays as it is. If only joining failed, they go on as they are.
  const isIn = session?.kind === 'open' && (way !== 'new' || hasFailed);
  return (
    <Stack>
      <Inviter invitation={invitation} />
      {isIn ? (
        <AsMember link={link} drop={drop} />
      ) : way === 'look' ? (
        <>
          <WhatItMeans invitation={invitation} />
          <div className={styles.ways}>
            <Button kind="primary" onPress={() => setWay('new')}>
              {text('family.join.yes')}
            </Button>
            <Button kind="quiet" onPress={() => setWay('known')}>
              {text('family.join.known')}
            </Button>
          </div>
        </>
      ) : (
        <Card>
          {way === 'new' ? (
            <JoinAsNewcomer link={link} drop={drop} onError={() => setFailed(true)} />
          ) : (
            <SignInForm />
          )}
          <Button kind="quiet" onPress={() => setWay('look')}>
            {text('family.join.back')}
          </Button>
        </Card>
      )}
    </Stack>
  );
}

function Inviter({ invitation: { inviter, expiresAt } }: { invitation: InvitationView }) {
  const text = useText();
  const intl = useIntl();
  return (
    <header className={styles.inviter}>
      <span className={styles.face} aria-hidden="true">
        {[...(inviter ?? '♥').trim()][0]}
      </span>
      <h1 tabIndex={-1}>
        {inviter ? text('family.join.by', { name: isolate(inviter) }) : text('family.join.bySomebody')}
      </h1>
      <Soft>{text('family.join.until', { date: intl.formatDate(expiresAt, { dateStyle: 'long' }) })}</Soft>
    </header>
  );
}

/** In few words: what they will see, what they may do, and what stays theirs. */
function WhatItMeans({ invitation: { role, albums, people } }: { invitation: InvitationView }) {
  const text = useText();
  const intl = useIntl();
  const names = albums.filter(({ isVault }) => !isVault).map(({ name }) => isolate(name ?? '…'));
  return (
    <ul className={styles.meanings}>
      <li>
        <Images aria-hidden="true" />
        <span>
          {text('family.join.see', { people })}
          {names.length > 0 && ` ${text('family.join.albums', { albums: intl.formatList(names) })}`}
        </span>
      </li>
      <li>
        <Eye aria-hidden="true" />
        <span>{text(`family.join.as.${role}`)}</span>
      </li>
      <li>
        <LockKeyhole aria-hidden="true" />
        <span>{text('family.join.yours')}</span>
      </li>
    </ul>
  );
}

/** Somebody who is signed in joins as they are, if they can. */
function AsMember({ link, drop }: { link: string; drop: () => void }) {
  const text = useText();
  const say = useErrorText();
  const { data: joiner, error } = useQuery({
    queryKey: ['family', 'joiner', link],
    queryFn: () => ask((engine) => engine.family.joiner(link)),
    gcTime: 0,
  });
  if (error) return <Notice tone="danger">{say(error)}</Notice>;
  if (!joiner) return <Spinner />;
  if (joiner.kind === 'alone') return <JoinAsYourself link={link} joiner={joiner} drop={drop} />;
  return (
    <Stack>
      <Notice>
        {joiner.kind === 'member'
          ? text('family.join.isMember')
          : text('family.join.elsewhere', { people: joiner.people })}
      </Notice>
      {joiner.kind === 'elsewhere' && <p>{text('family.join.elsewhere.next')}</p>}
      <Row>
        <ButtonLink kind="primary" href="/family" onPress={drop}>
          {text('family.join.toFamily')}
        </ButtonLink>
      </Row>
    </Stack>
  );
}
