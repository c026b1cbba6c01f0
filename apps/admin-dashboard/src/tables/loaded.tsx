import { Button, Notice, Spinner } from '@heirloom/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import styles from './loaded.module.css';

/**
 * What a page asked for, once it is there; before, that it is on its way, and when it did not come, why and a way to try again.
 * What is there stays while it is asked for anew, and says so when that failed.
 */
export function Loaded<T>({
  query: { data, error, isFetching, refetch },
  children,
}: {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isFetching' | 'refetch'>;
  children: (data: T) => ReactNode;
}) {
  const text = useText();
  const say = useErrorText();
  const retry = (
    <Button isPending={isFetching} onPress={() => void refetch()}>
      {text('app.retry')}
    </Button>
  );
  if (data !== undefined)
    return (
      <>
        {error && (
          <Notice tone="warn" actions={retry}>
            {text('tables.stale', { reason: say(error) })}
          </Notice>
        )}
        {children(data)}
      </>
    );
  if (error && !isFetching)
    return (
      <Notice tone="danger" actions={retry}>
        {say(error)}
      </Notice>
    );
  return (
    <p className={styles.waiting} role="status">
      <Spinner />
      {text('tables.loading')}
    </p>
  );
}

/** Where a list is empty. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className={styles.nothing}>{children}</p>;
}
