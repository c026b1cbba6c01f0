import { accountId, auditKind, familyId, type AccountId, type FamilyId } from '@heirloom/contracts';
import { Choice, Page, Stack, TextInput } from '@heirloom/ui';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Section } from '../tables/section.tsx';
import { AuditChecks } from './audit-checks.tsx';
import { AuditEntries, type AuditFilter } from './audit-entries.tsx';
import styles from './audit.module.css';
import { ExportButton } from './export-button.tsx';

type Kind = NonNullable<AuditFilter['kind']> | 'all';

/** The trail of all services: looked through, checked, taken away. */
export function AuditPage() {
  const text = useText();
  const [kind, setKind] = useState<Kind>('all');
  const [account, setAccount] = useState('');
  const [family, setFamily] = useState('');
  const ofAccount = account.trim() === '' ? undefined : accountId.safeParse(account.trim());
  const ofFamily = family.trim() === '' ? undefined : familyId.safeParse(family.trim());
  const filter: AuditFilter = {
    ...(kind === 'all' ? {} : { kind }),
    ...(ofAccount?.success ? { accountId: ofAccount.data as AccountId } : {}),
    ...(ofFamily?.success ? { familyId: ofFamily.data as FamilyId } : {}),
  };
  const idField = { autoComplete: 'off', spellCheck: 'false', dir: 'ltr' } as const;
  return (
    <Page title={text('audit.title')} lead={text('audit.lead')} actions={<ExportButton />}>
      <Stack>
        <AuditChecks />
        <Section title={text('audit.entries')}>
          <div className={styles.filter} role="search" aria-label={text('audit.filter')}>
            <Choice
              label={text('audit.filter.kind')}
              value={kind}
              onChange={setKind}
              options={[
                { value: 'all', label: text('audit.filter.kind.all') },
                ...auditKind.options.map((value) => ({ value, label: value })),
              ]}
            />
            <TextInput
              {...idField}
              label={text('audit.filter.account')}
              value={account}
              onChange={setAccount}
              error={ofAccount?.success === false ? text('audit.filter.wrong') : null}
            />
            <TextInput
              {...idField}
              label={text('audit.filter.family')}
              value={family}
              onChange={setFamily}
              error={ofFamily?.success === false ? text('audit.filter.wrong') : null}
            />
          </div>
          <AuditEntries filter={filter} />
        </Section>
      </Stack>
    </Page>
  );
}
