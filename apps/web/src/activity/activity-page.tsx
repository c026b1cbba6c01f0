import { Button, Choice, EmptyState, Notice, Page, Soft, Spinner } from '@heirloom/ui';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { ActivityCard, ActivityGroup } from './activity-engine.ts';
import { ActivityLine } from './activity-line.tsx';
import styles from './activity.module.css';

const groups = ['devices', 'family', 'albums', 'photos', 'staff'] as const;
type Shown = 'all' | (typeof groups)[number];

/** What happened around the person's account and family, and who did it. */
export function ActivityPage() {
  const text = useText();
  const say = useErrorText();
  const [shown, show] = useState<Shown>('all');
  const { cards, error, hasMore, more, isMore, again } = useActivity(shown === 'all' ? null : shown);
  return (
    <Page title={text('activity.title')} lead={text('activity.lead')} isNarrow>
      <Choice
        label={text('activity.show')}
        value={shown}
        options={(['all', ...groups] as const).map((value) => ({
          value,
          label: text(`activity.group.${value}`),
        }))}
        onChange={show}
      />
      {error && (
        <Notice tone="warn" actions={<Button onPress={again}>{text('app.retry')}</Button>}>
          {say(error)}
        </Notice>
      )}
      {!cards && !error && <Spinner />}
      {cards?.length === 0 && !hasMore && (
        <EmptyState icon={<History aria-hidden="true" />} title={text('activity.empty.title')}>
          {text('activity.empty.text')}
        </EmptyState>
      )}
      {cards && cards.length > 0 && <Days cards={cards} />}
      {cards && (
        <div className={styles.end} role="status">
          {(cards.length > 0 || hasMore) && <Soft>{text('activity.count', { count: cards.length })}</Soft>}
        </div>
      )}
      {cards && hasMore && (
        <Button onPress={more} isPending={isMore}>
          {text('activity.more')}
        </Button>
      )}
    </Page>
  );
}

function useActivity(group: ActivityGroup | null) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['activity', group],
    queryFn: ({ pageParam }) => ask((engine) => engine.activity.list(group, pageParam)),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  return {
    cards: data?.pages.flatMap(({ cards }) => cards),
    error,
    hasMore: hasNextPage,
    isMore: isFetchingNextPage,
    more: () => void fetchNextPage(),
    again: () => void refetch(),
  };
}

/** By the days of this device's clock. */
function Days({ cards }: { cards: readonly ActivityCard[] }) {
  const intl = useIntl();
  const days = Map.groupBy(cards, ({ at }) => intl.formatDate(at, { dateStyle: 'full' }));
  return [...days].map(([day, ofDay]) => (
    <section key={day} className={styles.day} aria-label={day}>
      <h2>{day}</h2>
      <ul className={styles.list}>
        {ofDay.map((card) => (
          <ActivityLine key={card.index} card={card} />
        ))}
      </ul>
    </section>
  ));
}
