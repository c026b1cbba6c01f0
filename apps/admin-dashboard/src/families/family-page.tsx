import type { FamilyId } from '@heirloom/contracts';
import { Button, ButtonLink, Page, Row, Stack } from '@heirloom/ui';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { QuotaDialog } from '../accounts/quota-dialog.tsx';
import { useQuotaText } from '../accounts/use-quota-text.ts';
import { AuditEntries } from '../audit/audit-entries.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useRole } from '../session/use-session.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Figures } from '../tables/figures.tsx';
import { Loaded } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';
import { useFamily } from './use-families.ts';

type Family = NonNullable<ReturnType<typeof useFamily>['data']>;
type Member = Family['members'][number];

/** One family: who belongs to it and how much they keep together. */
export function FamilyPage() {
  const text = useText();
  const isOperator = useRole() === 'operator';
  const familyId = useParams({ from: '/inside/families/$familyId' }).familyId as FamilyId;
  const query = useFamily(familyId);
  return (
    <Page
      title={text('families.one')}
      lead={<code className="id">{familyId}</code>}
      actions={isOperator && <ButtonLink href="/families">{text('families.back')}</ButtonLink>}
    >
      <Loaded query={query}>
        {(family) => (
          <Stack>
            <Sums family={family} />
            <Section title={text('families.members')}>
              <Members members={family.members} />
            </Section>
            {isOperator && (
              <Section title={text('families.events')}>
                <AuditEntries filter={{ familyId }} />
              </Section>
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Sums({ family }: { family: Family }) {
  const text = useText();
  const format = useFormat();
  const sayQuota = useQuotaText();
  const isOperator = useRole() === 'operator';
  const [isSettingQuota, setQuota] = useState(false);
  const { familyId, createdAt, members, openInvites, albums, usage } = family;
  return (
    <>
      {isOperator && usage && (
        <Row>
          <Button onPress={() => setQuota(true)}>{text('accounts.quota.set')}</Button>
          <QuotaDialog
            isOpen={isSettingQuota}
            onClose={() => setQuota(false)}
            quota={usage.quota}
            of={{ familyId }}
          />
        </Row>
      )}
      <Figures
        figures={[
          { label: text('families.created'), value: format.moment(createdAt) },
          { label: text('families.members'), value: format.count(members.length) },
          { label: text('families.invites'), value: format.count(openInvites) },
          { label: text('families.albums'), value: format.count(albums) },
          { label: text('families.photos'), value: format.count(usage?.photos) },
          {
            label: text('families.kept'),
            value: format.bytes(usage?.bytes),
            note: usage && `${text('families.quota')}: ${sayQuota(usage.quota)}`,
          },
          { label: text('families.backup'), value: format.moment(usage?.lastBackupAt) },
        ]}
      />
    </>
  );
}

function Members({ members }: { members: readonly Member[] }) {
  const text = useText();
  const format = useFormat();
  const columns: Column<Member>[] = [
    {
      id: 'member',
      label: text('families.member'),
      cell: ({ accountId }) => (
        <Link to="/accounts/$accountId" params={{ accountId }} className="id">
          {accountId}
        </Link>
      ),
    },
    { id: 'role', label: text('families.role'), cell: ({ role }) => text(`families.role.${role}`) },
    { id: 'joined', label: text('families.joined'), cell: ({ joinedAt }) => format.moment(joinedAt) },
  ];
  return (
    <DataTable
      caption={text('families.members')}
      columns={columns}
      rows={members}
      keyOf={({ accountId }) => accountId}
    />
  );
}
