import { Button, Notice, Page } from '@heirloom/ui';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

/** What stands where a page could not be shown. */
export function FailedPage({ error, reset }: { error: unknown; reset?: () => void }) {
  const text = useText();
  const say = useErrorText();
  return (
    <Page title={text('app.failed.title')} isNarrow>
      <Notice
        tone="danger"
        actions={
          <Button kind="primary" onPress={() => (reset ? reset() : window.location.reload())}>
            {text('app.retry')}
          </Button>
        }
      >
        {say(error)}
      </Notice>
    </Page>
  );
}
