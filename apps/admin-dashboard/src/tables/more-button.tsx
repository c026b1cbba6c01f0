import { Button, Notice } from '@heirloom/ui';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

/** A list that is asked for page by page. */
export type MoreQuery = Pick<
  UseInfiniteQueryResult,
  'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage' | 'error'
>;

/** The next page of a long list, where there is one. */
export function MoreButton({ query }: { query: MoreQuery }) {
  const text = useText();
  const say = useErrorText();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, error } = query;
  if (!hasNextPage) return null;
  return (
    <>
      {isFetchNextPageError && <Notice tone="danger">{say(error)}</Notice>}
      <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
        {text('tables.more')}
      </Button>
    </>
  );
}
