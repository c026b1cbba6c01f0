import { Button, ButtonLink, Choice, Dialog, Notice, Soft, Spinner } from '@heirloom/ui';
import type { AlbumRole } from '@heirloom/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { AlbumCard, AlbumPerson } from './album-types.ts';
import styles from './albums.module.css';

const roles = ['viewer', 'contributor', 'manager'] as const satisfies readonly AlbumRole[];
const nobody = 'none';
type Chosen = AlbumRole | typeof nobody;

/** Who of the family has the album and what they may do with it. */
export function ShareDialog({
  album,
  isOpen,
  onClose,
}: {
  album: AlbumCard;
  isOpen: boolean;
  onClose: () => void;
}) {
  const text = useText();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      isWide
      title={text('albums.share.title')}
      actions={
        <Button kind="primary" onPress={onClose}>
          {text('albums.share.done')}
        </Button>
      }
    >
      {isOpen && <People album={album} />}
    </Dialog>
  );
}

function People({ album: { albumId, role, isVault } }: { album: AlbumCard }) {
  const text = useText();
  const say = useErrorText();
  const { data: people, error } = useQuery({
    queryKey: ['albums', 'people', albumId],
    queryFn: () => ask((engine) => engine.albums.people(albumId)),
    staleTime: 0,
  });
  if (error) return <Notice tone="danger">{say(error)}</Notice>;
  if (!people) return <Spinner />;
  const mayShare = role === 'manager' && !isVault;
  if (people.length === 1)
    return (
      <Notice actions={<ButtonLink href="/family">{text('albums.share.invite')}</ButtonLink>}>
        {text('albums.share.alone')}
      </Notice>
    );
  return (
    <>
      <Soft>{text(isVault ? 'albums.vault.text' : mayShare ? 'albums.share.text' : 'albums.share.who')}</Soft>
      <ul className={styles.people}>
        {people
          .filter((person) => mayShare || person.role !== null)
          .map((person) => (
            <PersonRow key={person.accountId} albumId={albumId} person={person} mayShare={mayShare} />
          ))}
      </ul>
    </>
  );
}

function PersonRow({
  albumId,
  person,
  mayShare,
}: {
  albumId: string;
  person: AlbumPerson;
  mayShare: boolean;
}) {
  const text = useText();
  const say = useErrorText();
  const { accountId, familyRole, role, isYou, isOwner } = person;
  const [isLosing, lose] = useState(false);
  const name = person.name ?? text('albums.share.nameless');
  const change = useMutation({
    mutationFn: async (chosen: Chosen) => {
      if (chosen !== nobody) {
        await ask((engine) => engine.albums.share(albumId, accountId, chosen));
        return { isFencing: false };
      }
      return await ask((engine) => engine.albums.unshare(albumId, accountId));
    },
    onSettled: () => lose(false),
  });
  const options = [
    { value: nobody as Chosen, label: text('albums.role.none') },
    // Who is a viewer of the family is a viewer of albums.
    ...roles
      .filter((one) => familyRole !== 'viewer' || one === 'viewer')
      .map((one) => ({
        value: one as Chosen,
        label: text(`albums.role.${one}`),
        hint: text(`albums.role.${one}.hint`),
      })),
  ];
  return (
    <li className={styles.person}>
      <div className={styles.personRow}>
        <span>
          <bdi>{isYou ? text('albums.share.you', { name }) : name}</bdi>
          {isOwner && <Soft>{text('albums.share.owner')}</Soft>}
        </span>
        {mayShare && !isYou ? (
          <Choice
            label={text('albums.share.roleOf', { name })}
            hideLabel
            value={role ?? nobody}
            options={options}
            isDisabled={change.isPending}
            onChange={(chosen) => (chosen === nobody ? role && lose(true) : change.mutate(chosen))}
          />
        ) : (
          <Soft>{text(role ? `albums.role.${role}` : 'albums.role.none')}</Soft>
        )}
      </div>
      {change.isPending && <Soft>{text('albums.share.working')}</Soft>}
      {isLosing && (
        <Notice
          tone="warn"
          actions={
            <>
              <Button onPress={() => lose(false)}>{text('albums.cancel')}</Button>
              <Button kind="danger" isPending={change.isPending} onPress={() => change.mutate(nobody)}>
                {text('albums.unshare.do')}
              </Button>
            </>
          }
        >
          {text('albums.unshare.text', { name })}
        </Notice>
      )}
      {change.data?.isFencing && <Notice tone="warn">{text('albums.unshare.fencing')}</Notice>}
      {change.error && <Notice tone="danger">{say(change.error)}</Notice>}
    </li>
  );
}
