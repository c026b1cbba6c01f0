import { staffRoutes, type StaffMember } from '@heirloom/contracts';
import { Button, Dialog, Notice } from '@heirloom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { Badge } from '../tables/badge.tsx';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';

/** Operators and support. */
export function StaffMembers() {
  const text = useText();
  const { http } = useStaff();
  const [leaving, remove] = useState<StaffMember | null>(null);
  const query = useQuery({
    queryKey: ['staff', 'members'],
    queryFn: ({ signal }) => http.call(staffRoutes.staff, {}, { signal }),
  });
  return (
    <Section title={text('staff.members')}>
      <Loaded query={query}>{({ staff }) => <MembersTable staff={staff} onRemove={remove} />}</Loaded>
      {leaving && <RemoveDialog key={leaving.accountId} member={leaving} onClose={() => remove(null)} />}
    </Section>
  );
}

function MembersTable({
  staff,
  onRemove,
}: {
  staff: readonly StaffMember[];
  onRemove: (member: StaffMember) => void;
}) {
  const text = useText();
  const format = useFormat();
  const own = useStaff().profile.accountId;
  const columns: Column<StaffMember>[] = [
    { id: 'email', label: text('staff.email'), cell: ({ email }) => <bdi>{email}</bdi> },
    { id: 'role', label: text('staff.role'), cell: ({ role }) => text(`shell.role.${role}`) },
    { id: 'created', label: text('staff.created'), cell: ({ createdAt }) => format.moment(createdAt) },
    { id: 'seen', label: text('staff.seen'), cell: ({ lastSeenAt }) => format.moment(lastSeenAt) },
    {
      id: 'actions',
      label: text('staff.actions'),
      cell: (member) =>
        member.accountId === own ? (
          <Badge tone="plain">{text('staff.you')}</Badge>
        ) : (
          <Button onPress={() => onRemove(member)}>
            {text('staff.remove')}
            <span className="visually-hidden"> {member.email}</span>
          </Button>
        ),
    },
  ];
  return (
    <DataTable
      caption={text('staff.members')}
      columns={columns}
      rows={staff}
      keyOf={({ accountId }) => accountId}
    />
  );
}

function RemoveDialog({ member, onClose }: { member: StaffMember; onClose: () => void }) {
  const text = useText();
  const say = useErrorText();
  const { http } = useStaff();
  const queries = useQueryClient();
  const { accountId, email } = member;
  const removing = useMutation({
    mutationFn: () => http.call(staffRoutes.removeStaff, { params: { accountId } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['staff'] });
      onClose();
    },
  });
  return (
    <Dialog
      isAlert
      isOpen
      onClose={onClose}
      title={text('staff.remove.title', { email })}
      actions={
        <>
          <Button onPress={onClose} isDisabled={removing.isPending}>
            {text('app.cancel')}
          </Button>
          <Button kind="danger" isPending={removing.isPending} onPress={() => removing.mutate()}>
            {text('staff.remove')}
          </Button>
        </>
      }
    >
      <p>{text('staff.remove.text')}</p>
      {removing.error && <Notice tone="danger">{say(removing.error)}</Notice>}
    </Dialog>
  );
}
