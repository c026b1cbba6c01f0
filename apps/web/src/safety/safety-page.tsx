import { Button, ButtonLink, Card, Notice, Page, Row, Soft, Spinner, useSizes } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { useIntl } from 'react-intl';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { CheckCard } from './check-card.tsx';
import type { SafetySummary } from './safety-engine.ts';
import styles from './safety.module.css';

/** "Your photos are safe", or what is the matter. */
export function SafetyPage() {
  const text = useText();
  const say = useErrorText();
  const { data, error, refetch } = useQuery({
    queryKey: ['safety', 'summary'],
    queryFn: () => ask((engine) => engine.safety.summary()),
    staleTime: 30_000,
    refetchInterval: 30_000,
  });
  return (
    <Page
      title={text(data && isWhole(data) ? 'safety.title' : 'safety.title.open')}
      lead={text('safety.lead')}
      isNarrow
    >
      {error && !data && (
        <Notice tone="warn" actions={<Button onPress={() => void refetch()}>{text('app.retry')}</Button>}>
          {say(error)}
        </Notice>
      )}
      {!data && !error && <Spinner />}
      {data && <Summary summary={data} />}
      {data && data.photos > 0 && <ServerChecks />}
      {data && data.photos > 0 && <CheckCard />}
      <Card>
        <h2>{text('safety.more.title')}</h2>
        <Row>
          <ButtonLink href="/devices">{text('safety.more.devices')}</ButtonLink>
          <ButtonLink href="/activity">{text('safety.more.activity')}</ButtonLink>
          <ButtonLink href="/recovery-key">{text('safety.more.recovery')}</ButtonLink>
          <ButtonLink href="/trash">{text('safety.more.trash')}</ButtonLink>
        </Row>
      </Card>
    </Page>
  );
}

/** Whether there are photos, and each is in as many places as it should be. */
const isWhole = ({ photos, fewestCopies, wantedCopies }: SafetySummary): boolean =>
  photos > 0 && fewestCopies !== null && fewestCopies >= wantedCopies;

function Summary({ summary }: { summary: SafetySummary }) {
  const text = useText();
  const { bytes } = useSizes();
  const { photos, wantedCopies, fewestCopies, pendingCopies } = summary;
  if (photos === 0)
    return (
      <Notice actions={<ButtonLink href="/uploads">{text('safety.empty.add')}</ButtonLink>}>
        {text('safety.empty')}
      </Notice>
    );
  const isGood = isWhole(summary);
  return (
    <>
      <Notice tone={isGood ? 'good' : 'warn'}>
        {isGood
          ? text('safety.whole', { photos, copies: wantedCopies })
          : text('safety.copying', {
              copies: fewestCopies ?? 0,
              wanted: wantedCopies,
              pending: pendingCopies,
            })}
      </Notice>
      <dl className={styles.figures}>
        <Figure name={text('safety.photos')} value={photos} />
        <Figure name={text('safety.copies')} value={fewestCopies ?? 0} />
        <div className={styles.figure}>
          <dt>{text('safety.size')}</dt>
          <dd>{bytes(summary.bytes)}</dd>
        </div>
      </dl>
      <Soft>{text('safety.word')}</Soft>
    </>
  );
}

/** When the server has read every copy again by itself. */
function ServerChecks() {
  const text = useText();
  const intl = useIntl();
  const { data } = useQuery({
    queryKey: ['safety', 'checks'],
    queryFn: () => ask((engine) => engine.safety.checks()),
    staleTime: 30_000,
    refetchInterval: 30_000,
  });
  if (!data) return null;
  const { checkedSince, share } = data;
  return (
    <div>
      <p>
        {checkedSince === null
          ? text('safety.checks.none')
          : text('safety.checks.since', { day: intl.formatDate(checkedSince, { dateStyle: 'full' }) })}
      </p>
      {share !== null && <Soft>{text('safety.checks.running', { share })}</Soft>}
    </div>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  const text = useText();
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd>{text('safety.number', { value })}</dd>
    </div>
  );
}
