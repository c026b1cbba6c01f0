import { readAccount } from '@heirloom/client';
import {
  familyStaffRoutes,
  vaultStaffRoutes,
  type AccountId,
  type FoundAccount,
  type Quota,
} from '@heirloom/contracts';
import { Button, ButtonLink, Notice, Page, Row, Stack } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { AuditEntries } from '../audit/audit-entries.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useRole, useStaff } from '../session/use-session.ts';
import { Figures } from '../tables/figures.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';
import { AccountState } from './account-state.tsx';
import { ActDialog, type Act } from './act-dialog.tsx';
import { ActsTable, DevicesTable, UnlocksTable } from './account-tables.tsx';
import { QuotaDialog } from './quota-dialog.tsx';
import { useQuotaText } from './use-quota-text.ts';

/** One account: how it is signed in to, what staff did, and what staff can do. */
export function AccountPage() {
  const text = useText();
  const staff = useStaff();
  const accountId = useParams({ from: '/inside/accounts/$accountId' }).accountId as AccountId;
  const query = useQuery({
    queryKey: ['accounts', 'one', accountId],
    queryFn: () => readAccount(staff, accountId),
  });
  return (
    <Page
      title={query.data?.account.email ?? text('accounts.title')}
      actions={<ButtonLink href="/accounts">{text('accounts.back')}</ButtonLink>}
    >
      <Loaded query={query}>
        {({ account, devices, unlocks, acts }) => (
          <Stack>
            <Desk account={account} />
            <Section title={text('accounts.devices')}>
              {devices.length === 0 ? (
                <Nothing>{text('accounts.devices.none')}</Nothing>
              ) : (
                <DevicesTable devices={devices} />
              )}
            </Section>
            <Section title={text('accounts.acts')}>
              {acts.length === 0 ? (
                <Nothing>{text('accounts.acts.none')}</Nothing>
              ) : (
                <ActsTable acts={acts} />
              )}
            </Section>
            <Section title={text('accounts.unlocks')}>
              <UnlocksTable unlocks={unlocks} />
            </Section>
            <Section title={text('accounts.events')}>
              <AuditEntries filter={{ accountId }} />
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

/** What the account is like, and the buttons that change it. */
function Desk({ account }: { account: FoundAccount }) {
  const text = useText();
  const format = useFormat();
  const isOperator = useRole() === 'operator';
  const [act, setAct] = useState<Act | null>(null);
  const [isSettingQuota, setQuota] = useState(false);
  const { accountId, lockedAt, createdAt, lastSeenAt, devices } = account;
  const kept = useKept(accountId);
  const quota: Quota | undefined = kept.data?.usage?.quota;
  return (
    <Stack>
      <Row>
        {lockedAt ? (
          <Button kind="primary" onPress={() => setAct('unlock')}>
            {text('accounts.unlock')}
          </Button>
        ) : (
          <Button kind="danger" onPress={() => setAct('lock')}>
            {text('accounts.lock')}
          </Button>
        )}
        <Button onPress={() => setAct('endSessions')} isDisabled={devices === 0}>
          {text('accounts.endSessions')}
        </Button>
        {isOperator && (
          <Button onPress={() => setQuota(true)} isDisabled={!quota}>
            {text('accounts.quota.set')}
          </Button>
        )}
      </Row>
      {lockedAt && (
        <Notice tone="warn">{text('accounts.locked.since', { at: format.moment(lockedAt) })}</Notice>
      )}
      <Figures
        figures={[
          { label: text('accounts.state'), value: <AccountState lockedAt={lockedAt} /> },
          { label: text('accounts.created'), value: format.moment(createdAt) },
          { label: text('accounts.seen'), value: format.moment(lastSeenAt) },
          ...useKeptFigures(kept.data),
        ]}
      />
      <p>
        {text('accounts.id')}: <code className="id">{accountId}</code>
      </p>
      <ActDialog act={act} account={account} onClose={() => setAct(null)} />
      {quota && (
        <QuotaDialog
          isOpen={isSettingQuota}
          onClose={() => setQuota(false)}
          quota={quota}
          of={{ accountId }}
        />
      )}
    </Stack>
  );
}

/** How much somebody keeps and where they belong; null for what cannot be learned right now. */
function useKept(accountId: AccountId) {
  const { http } = useStaff();
  return useQuery({
    queryKey: ['quotas', 'account', accountId],
    queryFn: async ({ signal }) => {
      const accountIds = [accountId];
      const [usage, families] = await Promise.all([
        http
          .call(vaultStaffRoutes.usage, { body: { accountIds, familyIds: [] } }, { signal })
          .catch(() => null),
        http.call(familyStaffRoutes.familiesOf, { body: { accountIds } }, { signal }).catch(() => null),
      ]);
      return { usage: usage?.accounts[0] ?? null, family: families?.accounts[0] ?? null };
    },
  });
}

function useKeptFigures(kept: ReturnType<typeof useKept>['data']) {
  const text = useText();
  const format = useFormat();
  const sayQuota = useQuotaText();
  const usage = kept?.usage;
  return [
    { label: text('accounts.photos'), value: format.count(usage?.photos) },
    {
      label: text('accounts.kept'),
      value: format.bytes(usage?.bytes),
      note: usage && `${text('accounts.quota')}: ${sayQuota(usage.quota)}`,
    },
    {
      label: text('accounts.backup'),
      value:
        usage && !usage.lastBackupAt ? text('accounts.backup.never') : format.moment(usage?.lastBackupAt),
    },
    {
      label: text('accounts.family'),
      value: kept?.family ? (
        <Link to="/families/$familyId" params={{ familyId: kept.family.familyId }}>
          {text('accounts.family.show')}
        </Link>
      ) : kept ? (
        text('accounts.family.none')
      ) : (
        '–'
      ),
    },
  ];
}
