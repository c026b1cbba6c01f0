import { limits } from '@heirloom/contracts';
import { Button, Page, Soft, TextInput } from '@heirloom/ui';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useRole } from '../session/use-session.ts';
import { Listed } from '../tables/listed.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import styles from './accounts.module.css';
import { AccountsTable } from './accounts-table.tsx';
import { useAccounts } from './use-accounts.ts';

/** What was searched for last, for whoever comes back from an account. An address has no place in a browser's history. */
let lastSearch = '';

/** Finds people's accounts by their e-mail address. */
export function AccountsPage() {
  const text = useText();
  const isSupport = useRole() === 'support';
  const [typed, type] = useState(lastSearch);
  const [search, setSearch] = useState(lastSearch);
  const least = isSupport ? limits.staffSearchCharacters : 0;
  const isShort = typed.trim().length < least;
  return (
    <Page title={text('accounts.title')} lead={text(isSupport ? 'accounts.lead.support' : 'accounts.lead')}>
      <form
        role="search"
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          if (isShort) return;
          lastSearch = typed.trim();
          setSearch(lastSearch);
        }}
      >
        <TextInput
          label={text('accounts.search')}
          value={typed}
          onChange={type}
          inputMode="email"
          autoComplete="off"
          spellCheck="false"
          autoCapitalize="none"
          dir="ltr"
        />
        <Button type="submit" kind="primary" isDisabled={isShort}>
          {text('accounts.search.action')}
        </Button>
      </form>
      {search.length < least ? (
        <Soft>{text('accounts.search.short', { characters: least })}</Soft>
      ) : (
        <Found search={search} />
      )}
    </Page>
  );
}

function Found({ search }: { search: string }) {
  const text = useText();
  const query = useAccounts(search);
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const accounts = pages.flatMap((page) => page.accounts);
        if (accounts.length === 0)
          return <Nothing>{text(search === '' ? 'accounts.none' : 'accounts.search.none')}</Nothing>;
        return (
          <Listed
            query={query}
            warning={pages.some(({ isPartial }) => isPartial) && text('accounts.partial')}
          >
            <AccountsTable accounts={accounts} />
          </Listed>
        );
      }}
    </Loaded>
  );
}
