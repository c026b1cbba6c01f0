import { Button, Check, Choice, Dialog, Notice, Stack } from '@heirloom/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { InvitedRole } from '@heirloom/contracts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { FreshInvite } from './family-engine.ts';
import { InviteLink } from './invite-link-view.tsx';
import { RoleOptions } from './role-options.tsx';

const lives = ['1', '7', '30'] as const;

/** Makes a link for one person: first what they will be, then the link itself. */
export function InviteDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText();
  const [made, setMade] = useState<FreshInvite | null>(null);
  const close = () => {
    setMade(null);
    onClose();
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={text('family.invite')} isAlert={made !== null}>
      {made ? <InviteLink invite={made} onClose={close} /> : <Wishes onMade={setMade} onClose={close} />}
    </Dialog>
  );
}

interface WishesProps {
  onMade: (invite: FreshInvite) => void;
  onClose: () => void;
}

function Wishes({ onMade, onClose }: WishesProps) {
  const text = useText();
  const say = useErrorText();
  const [role, setRole] = useState<InvitedRole>('adult');
  const [days, setDays] = useState<(typeof lives)[number]>('7');
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const make = useMutation({
    mutationFn: () => {
      const albums = [...chosen].map((albumId) => ({ albumId, role: 'contributor' as const }));
      return ask((engine) => engine.family.invite({ role, albums, days: Number(days) }));
    },
    onSuccess: onMade,
  });
  return (
    <Stack>
      {make.error && <Notice tone="danger">{say(make.error)}</Notice>}
      <RoleOptions role={role} onChange={setRole} />
      <Albums chosen={chosen} choose={choose} />
      <Choice
        label={text('family.invite.days')}
        value={days}
        onChange={setDays}
        options={lives.map((value) => ({
          value,
          label: text('family.invite.daysLong', { days: Number(value) }),
        }))}
      />
      <Button kind="primary" isPending={make.isPending} onPress={() => make.mutate()}>
        {text('family.invite.make')}
      </Button>
      <Button kind="quiet" onPress={onClose}>
        {text('family.cancel')}
      </Button>
    </Stack>
  );
}

/** The family vault comes along always; further albums that this person manages may. */
function Albums({
  chosen,
  choose,
}: {
  chosen: ReadonlySet<string>;
  choose: (next: ReadonlySet<string>) => void;
}) {
  const text = useText();
  const { data: albums = [] } = useQuery({
    queryKey: ['albums', 'list'],
    queryFn: () => ask((engine) => engine.albums.list()),
  });
  const mine = albums.filter((album) => album.role === 'manager' && !album.isVault && album.problem === null);
  if (mine.length === 0) return <p>{text('family.invite.vault')}</p>;
  return (
    <div role="group" aria-labelledby="invite-albums">
      <p id="invite-albums">{text('family.invite.albums')}</p>
      {mine.map(({ albumId, name }) => (
        <Check
          key={albumId}
          isSelected={chosen.has(albumId)}
          onChange={(isChosen) => {
            const next = new Set(chosen);
            if (isChosen) next.add(albumId);
            else next.delete(albumId);
            choose(next);
          }}
        >
          <bdi>{name}</bdi>
        </Check>
      ))}
    </div>
  );
}
