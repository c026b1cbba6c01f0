import { staffRoutes, type StaffInvite } from '@heirloom/contracts';
import { Button, toast } from '@heirloom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { InviteState } from './invite-state.tsx';

/** Who may become a member of staff. */
export function StaffInvites() {
  const text = useText();
  const { http } = useStaff();
  const [isInviting, invite] = useState(false);
  const query = useQuery({
    queryKey: ['staff', 'invites'],
    queryFn: ({ signal }) => http.call(staffRoutes.staffInvites, {}, { signal }),
  });
  return (
    <Section
      title={text('staff.invites')}
      actions={<Button onPress={() => invite(true)}>{text('staff.invite')}</Button>}
    >
      <Loaded query={query}>
        {({ invites }) =>
          invites.length === 0 ? (
            <Nothing>{text('staff.invites.none')}</Nothing>
          ) : (
            <InvitesTable invites={invites} />
          )
        }
      </Loaded>
      <InviteDialog isOpen={isInviting} onClose={() => invite(false)} />
    </Section>
  );
}

function InvitesTable({ invites }: { invites: readonly StaffInvite[] }) {
  const text = useText();
  const format = useFormat();
  const columns: Column<StaffInvite>[] = [
    { id: 'role', label: text('staff.role'), cell: ({ role }) => text(`shell.role.${role}`) },
    { id: 'state', label: text('staff.state'), cell: ({ state }) => <InviteState state={state} /> },
    { id: 'made', label: text('staff.made'), cell: ({ createdAt }) => format.moment(createdAt) },
    { id: 'expires', label: text('staff.expires'), cell: ({ expiresAt }) => format.moment(expiresAt) },
    {
      id: 'actions',
      label: text('staff.actions'),
      cell: (invite) => (invite.state === 'open' ? <RevokeButton invite={invite} /> : '–'),
    },
  ];
  return (
    <DataTable
      caption={text('staff.invites')}
      columns={columns}
      rows={invites}
      keyOf={({ inviteId }) => inviteId}
    />
  );
}

function RevokeButton({ invite: { inviteId } }: { invite: StaffInvite }) {
  const text = useText();
  const say = useErrorText();
  const { http } = useStaff();
  const queries = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => http.call(staffRoutes.revokeStaffInvite, { params: { inviteId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['staff'] }),
    onError: (error) => toast(say(error)),
  });
  return (
    <Button isPending={revoking.isPending} onPress={() => revoking.mutate()}>
      {text('staff.revoke')}
    </Button>
  );
}
