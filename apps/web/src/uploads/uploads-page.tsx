import { Page, Spinner } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { FailedPage } from '../app/failed-page.tsx';
import { useText } from '../i18n/use-text.ts';
import { ActiveList, FailedList, RecentList, WaitingList } from './upload-lists.tsx';
import { UploadPicker } from './upload-picker.tsx';
import { UploadStatus } from './upload-status.tsx';
import { overviewQuery, useLiveUploads } from './use-uploads.ts';

/** Puts photos into the vault, and shows what becomes of them. */
export function UploadsPage() {
  const text = useText();
  const live = useLiveUploads();
  const { data: overview, error } = useQuery(overviewQuery);
  if (error) return <FailedPage error={error} />;
  return (
    <Page title={text('uploads.title')} isNarrow>
      <UploadPicker />
      {!overview && <Spinner />}
      {overview && (
        <>
          <UploadStatus overview={overview} live={live} />
          <FailedList failed={overview.failed} />
          <ActiveList active={live.active} />
          <WaitingList waiting={overview.waiting} active={live.active} />
          <RecentList recent={live.recent} />
        </>
      )}
    </Page>
  );
}
