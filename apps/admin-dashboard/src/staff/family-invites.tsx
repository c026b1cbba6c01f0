import { familyStaffRoutes, type RouteOutput } from '@heirloom/contracts';
import { Choice } from '@heirloom/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { MoreButton } from '../tables/more-button.tsx';
import { Section } from '../tables/section.tsx';
import { InviteState } from './invite-state.tsx';

type Invite = RouteOutput<typeof familyStaffRoutes.invites>['invites'][number];
type Shown = Invite['state'] | 'all';
const states = ['open', 'used', 'revoked', 'expired'] as const;
const pageLength = 50;

/** What families have sent out. */
export function FamilyInvites() {
  const text = useText();
  const { http } = useStaff();
  const [state, setState] = useState<Shown>('open');
  const query = useInfiniteQuery({
    queryKey: ['families', 'invites', state],
    initialPageParam: null as Invite['inviteId'] | null,
    queryFn: ({ pageParam, signal }) =>
      http.call(
        familyStaffRoutes.invites,
        {
          query: {
            limit: pageLength,
            ...(state === 'all' ? {} : { state }),
            ...(pageParam === null ? {} : { after: pageParam }),
          },
        },
        { signal },
      ),
    getNextPageParam: ({ next }) => next,
  });
  const options: { value: Shown; label: string }[] = [
    ...states.map((value) => ({ value, label: text(`staff.state.${value}`) })),
    { value: 'all', label: text('staff.families.all') },
  ];
  return (
    <Section
      title={text('staff.families')}
      actions={
        <Choice
          label={text('staff.families.state')}
          hideLabel
          value={state}
          options={options}
          onChange={setState}
        />
      }
    >
      <Loaded query={query}>
        {({ pages }) => {
          const invites = pages.flatMap((page) => page.invites);
          if (invites.length === 0) return <Nothing>{text('staff.families.none')}</Nothing>;
          return (
            <>
              <InvitesTable invites={invites} />
              <MoreButton query={query} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function InvitesTable({ invites }: { invites: readonly Invite[] }) {
  const text = useText();
  const format = useFormat();
  const account = (accountId: Invite['createdBy']) => (
    <Link to="/accounts/$accountId" params={{ accountId }} className="id">
      {accountId}
    </Link>
  );
  const columns: Column<Invite>[] = [
    { id: 'made', label: text('staff.made'), cell: ({ createdAt }) => format.moment(createdAt) },
    { id: 'state', label: text('staff.state'), cell: ({ state }) => <InviteState state={state} /> },
    { id: 'role', label: text('staff.role'), cell: ({ role }) => text(`families.role.${role}`) },
    { id: 'expires', label: text('staff.expires'), cell: ({ expiresAt }) => format.moment(expiresAt) },
    {
      id: 'family',
      label: text('staff.family'),
      cell: ({ familyId }) => (
        <Link to="/families/$familyId" params={{ familyId }} className="id">
          {familyId}
        </Link>
      ),
    },
    { id: 'by', label: text('staff.by'), cell: ({ createdBy }) => account(createdBy) },
    { id: 'usedBy', label: text('staff.usedBy'), cell: ({ usedBy }) => (usedBy ? account(usedBy) : '–') },
  ];
  return (
    <DataTable
      caption={text('staff.families')}
      columns={columns}
      rows={invites}
      keyOf={({ inviteId }) => inviteId}
    />
  );
}
