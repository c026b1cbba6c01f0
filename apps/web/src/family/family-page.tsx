import { Button, Card, EmptyState, Notice, Page, Soft, Spinner } from '@heirloom/ui';
import { UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { FailedPage } from '../app/failed-page.tsx';
import { isolate } from '../app/isolate.ts';
import { useText } from '../i18n/use-text.ts';
import type { FamilyOverview, Person } from './family-engine.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { OpenInvites } from './open-invites.tsx';
import { People } from './people.tsx';
import { useFamily } from './use-family.ts';

/** What people call somebody. The name is their own word, the address the server's. */
export const nameOf = ({ name, email }: Pick<Person, 'name' | 'email'>): string => name ?? email ?? '…';

/** Who belongs to the family, and who is on the way. */
export function FamilyPage() {
  const text = useText();
  const { data, error, refetch } = useFamily();
  const [isInviting, invite] = useState(false);
  if (error) return <FailedPage error={error} reset={() => void refetch()} />;
  const isAlone = data?.people.length === 1;
  const button = (
    <Button kind="primary" onPress={() => invite(true)}>
      <UserPlus aria-hidden="true" />
      {text('family.invite')}
    </Button>
  );
  return (
    <Page
      title={text('family.title')}
      lead={text('family.lead')}
      actions={data?.isOwner && !isAlone && button}
      isNarrow
    >
      {!data && <Spinner />}
      {data && <Changed family={data} />}
      {data && (
        <Card>
          <People family={data} />
        </Card>
      )}
      {isAlone && data.isOwner && (
        <EmptyState icon={<Users aria-hidden="true" />} title={text('family.alone')} actions={button}>
          {text('family.alone.text')}
        </EmptyState>
      )}
      {data && data.invites.length > 0 && <OpenInvites invites={data.invites} />}
      {data && !data.isOwner && (
        <Soft>
          {text('family.ownerInvites', {
            name: isolate(nameOf(data.people.find(({ role }) => role === 'owner') ?? data.people[0]!)),
          })}
        </Soft>
      )}
      <InviteDialog isOpen={isInviting} onClose={() => invite(false)} />
    </Page>
  );
}

/** Keys that are not those that were compared: nothing matters more on this page. */
function Changed({ family: { people } }: { family: FamilyOverview }) {
  const text = useText();
  return people
    .filter(({ safety }) => safety === 'changed')
    .map((person) => (
      <Notice key={person.accountId} tone="danger">
        {text('family.changed', { name: isolate(nameOf(person)) })}
      </Notice>
    ));
}
