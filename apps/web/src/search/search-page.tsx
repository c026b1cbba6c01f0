import { EmptyState, Page, Soft, Spinner } from '@heirloom/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Search, SearchX } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useIntl } from 'react-intl';
import { FailedPage } from '../app/failed-page.tsx';
import { useText } from '../i18n/use-text.ts';
import { PhotosView } from '../media/photos-view.tsx';
import { usePhotoList } from '../media/use-photo-list.ts';
import { SelectionActions } from '../timeline/lazy-selection-actions.tsx';
import { OnceKnown } from '../timeline/once-known.tsx';
import { parseQuery, queryWords, type QueryWords } from './parse-query.ts';
import { SearchFields } from './search-fields.tsx';
import { isEmptyFilter } from './search-filter.ts';

/** What words mean in the person's language. */
function useQueryWords(): QueryWords {
  const text = useText();
  const { locale } = useIntl();
  return useMemo(
    () =>
      queryWords(locale, {
        photo: text('search.words.photo'),
        video: text('search.words.video'),
        raw: text('search.words.raw'),
        screenshot: text('search.words.screenshot'),
        other: text('search.words.other'),
      }),
    [locale, text],
  );
}

/** Finds photos by their names, cameras, albums, kinds and dates, on this device. */
export function SearchPage() {
  const text = useText();
  const navigate = useNavigate();
  const { q = '' } = useSearch({ strict: false });
  const [typed, type] = useState(q);
  // Back and forward change the address without a key being pressed.
  const [seen, see] = useState(q);
  if (seen !== q) {
    see(q);
    type(q);
  }
  const change = (next: string) => {
    type(next);
    see(next);
    void navigate({
      to: '/search',
      search: next === '' ? {} : { q: next },
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <Page title={text('search.title')}>
      <SearchFields query={typed} onChange={change} />
      <Results query={useDeferredValue(typed)} />
    </Page>
  );
}

function Results({ query }: { query: string }) {
  const text = useText();
  const words = useQueryWords();
  const filter = useMemo(() => parseQuery(query, words), [query, words]);
  const isIdle = isEmptyFilter(filter);
  const { photos, error } = usePhotoList('timeline', ['search', isIdle ? null : filter], (engine) =>
    engine.search.find(filter),
  );
  if (isIdle) {
    return (
      <EmptyState icon={<Search aria-hidden="true" />} title={text('search.idle.title')}>
        {text('search.idle.text')}
      </EmptyState>
    );
  }
  if (error) return <FailedPage error={error} />;
  if (!photos) return <Spinner />;
  const found = (
    <div role="status">
      <Soft>{text('search.found', { count: photos.length })}</Soft>
    </div>
  );
  if (photos.length === 0)
    return (
      <OnceKnown>
        {found}
        <EmptyState icon={<SearchX aria-hidden="true" />} title={text('search.none.title')}>
          {text('search.none.text')}
        </EmptyState>
      </OnceKnown>
    );
  return (
    <>
      {found}
      <PhotosView
        photos={photos}
        label={text('search.results')}
        actions={(selected, clear) => <SelectionActions selected={selected} onDone={clear} />}
      />
    </>
  );
}
