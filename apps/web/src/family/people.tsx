import { ActionMenu, IconButton, type MenuAction } from '@heirloom/ui';
import { EllipsisVertical, LogOut, Pencil, ShieldAlert, ShieldCheck, UserCog, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { isolate } from '../app/isolate.ts';
import { useText } from '../i18n/use-text.ts';
import type { FamilyOverview, Person } from './family-engine.ts';
import styles from './family.module.css';
import { nameOf } from './family-page.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RoleDialog } from './role-dialog.tsx';
import { SafetyDialog } from './safety-dialog.tsx';

type Deed = 'safety' | 'role' | 'remove' | 'name' | 'leave';

/** Everybody, each with what can be done about them. */
export function People({ family }: { family: FamilyOverview }) {
  const text = useText();
  const [doing, setDoing] = useState<{ deed: Deed; person: Person } | null>(null);
  const close = () => setDoing(null);
  const dialogFor = (deed: Deed) => ({ isOpen: doing?.deed === deed, onClose: close });
  return (
    <>
      <ul className={styles.people} aria-label={text('family.people')}>
        {family.people.map((person) => (
          <li key={person.accountId}>
            <PersonLine
              person={person}
              isOwner={family.isOwner}
              onDo={(deed) => setDoing({ deed, person })}
            />
          </li>
        ))}
      </ul>
      {doing && (
        <>
          <SafetyDialog {...dialogFor('safety')} person={doing.person} />
          <RoleDialog {...dialogFor('role')} person={doing.person} />
          <RemoveDialog {...dialogFor('remove')} person={doing.person} />
          <NameDialog {...dialogFor('name')} person={doing.person} />
          <LeaveDialog {...dialogFor('leave')} />
        </>
      )}
    </>
  );
}

interface PersonLineProps {
  person: Person;
  isOwner: boolean;
  onDo: (deed: Deed) => void;
}

function PersonLine({ person, isOwner, onDo }: PersonLineProps) {
  const text = useText();
  const intl = useIntl();
  const { role, email, joinedAt, isYou, name } = person;
  const since = joinedAt && text('family.since', { date: intl.formatDate(joinedAt, { dateStyle: 'long' }) });
  return (
    <>
      <span className={styles.face} aria-hidden="true">
        {[...nameOf(person).trim()][0]}
      </span>
      <div>
        <div className={styles.name}>
          <bdi>{nameOf(person)}</bdi>
          {isYou && ` ${text('family.you')}`}
        </div>
        <div className={styles.facts}>{[text(`family.role.${role}`), since].filter(Boolean).join(' · ')}</div>
        {name !== null && email !== null && (
          <div className={styles.facts}>
            <bdi>{email}</bdi>
          </div>
        )}
        <SafetyBadge person={person} />
      </div>
      <ActionMenu
        label={text('family.actions', { name: isolate(nameOf(person)) })}
        trigger={
          <IconButton
            label={text('family.actions', { name: isolate(nameOf(person)) })}
            icon={<EllipsisVertical aria-hidden="true" />}
          />
        }
        actions={useDeeds(person, isOwner, onDo)}
      />
    </>
  );
}

function useDeeds({ role, isYou }: Person, isOwner: boolean, onDo: (deed: Deed) => void): MenuAction[] {
  const text = useText();
  const deeds: (MenuAction & { id: Deed; isFor: boolean })[] = [
    {
      id: 'name',
      label: text('family.rename'),
      icon: <Pencil aria-hidden="true" />,
      isFor: isYou,
      onAction: () => onDo('name'),
    },
    {
      id: 'safety',
      label: text('family.compare'),
      icon: <ShieldCheck aria-hidden="true" />,
      isFor: !isYou,
      onAction: () => onDo('safety'),
    },
    {
      id: 'role',
      label: text('family.changeRole'),
      icon: <UserCog aria-hidden="true" />,
      isFor: isOwner && !isYou,
      onAction: () => onDo('role'),
    },
    {
      id: 'remove',
      label: text('family.remove'),
      icon: <UserMinus aria-hidden="true" />,
      isDanger: true,
      isFor: isOwner && !isYou,
      onAction: () => onDo('remove'),
    },
    {
      id: 'leave',
      label: text('family.leave'),
      icon: <LogOut aria-hidden="true" />,
      isDanger: true,
      isFor: isYou && role !== 'owner',
      onAction: () => onDo('leave'),
    },
  ];
  return deeds.filter(({ isFor }) => isFor).map(({ isFor: _is, ...action }) => action);
}

function SafetyBadge({ person: { safety } }: { person: Person }) {
  const text = useText();
  if (safety === 'compared')
    return (
      <div className={styles.badge}>
        <ShieldCheck aria-hidden="true" />
        {text('family.compared')}
      </div>
    );
  if (safety === 'changed')
    return (
      <div className={`${styles.badge ?? ''} ${styles.changed ?? ''}`}>
        <ShieldAlert aria-hidden="true" />
        {text('family.changed.short')}
      </div>
    );
  return null;
}
