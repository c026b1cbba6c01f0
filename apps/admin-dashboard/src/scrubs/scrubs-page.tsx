import { startScrub } from '@heirloom/client';
import type { Scrub } from '@heirloom/contracts';
import { Button, Notice, Page, Progress, Stack, toast } from '@heirloom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { Badge, type BadgeTone } from '../tables/badge.tsx';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Figures } from '../tables/figures.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';
import { CoverageSections } from './coverage-sections.tsx';
import { useScrubs } from './use-scrubs.ts';

const tones: Record<Scrub['state'], BadgeTone> = { running: 'info', complete: 'good', partial: 'warn' };

/** What reads the copies again: now, lately, and over the months. */
export function ScrubsPage() {
  const text = useText();
  const query = useScrubs();
  return (
    <Page title={text('scrubs.title')} lead={text('scrubs.lead')} actions={<StartButton />}>
      <Loaded query={query}>
        {(scrubs) => (
          <Stack>
            <Section title={text('scrubs.running')}>
              <Now newest={scrubs[0]} />
            </Section>
            <CoverageSections />
            <Section title={text('scrubs.history')}>
              {scrubs.length === 0 ? <Nothing>{text('scrubs.none')}</Nothing> : <History scrubs={scrubs} />}
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function StartButton() {
  const text = useText();
  const say = useErrorText();
  const staff = useStaff();
  const queries = useQueryClient();
  const starting = useMutation({
    mutationFn: () => startScrub(staff),
    onSuccess: ({ ranBefore }) => {
      toast(text(ranBefore ? 'scrubs.ranBefore' : 'scrubs.started'));
      void queries.invalidateQueries({ queryKey: ['scrubs'] });
    },
    onError: (error) => toast(say(error)),
  });
  return (
    <Button kind="primary" isPending={starting.isPending} onPress={() => starting.mutate()}>
      {text('scrubs.start')}
    </Button>
  );
}

function Now({ newest }: { newest: Scrub | undefined }) {
  const text = useText();
  const format = useFormat();
  if (!newest) return <Nothing>{text('scrubs.none')}</Nothing>;
  if (newest.state !== 'running')
    return (
      <p>
        {text('scrubs.idle')} {text('scrubs.idle.last', { at: format.moment(newest.finishedAt) })}
      </p>
    );
  return <Running scrub={newest} />;
}

export function Running({ scrub }: { scrub: Scrub }) {
  const text = useText();
  const format = useFormat();
  const { startedAt, slices, slicesDone, slicesFailed, copies, bytesRead } = scrub;
  const seconds = Math.max(1, (Date.now() - startedAt.getTime()) / 1000);
  const done = slicesDone + slicesFailed;
  const leftMs = done > 0 ? ((slices - done) * seconds * 1000) / done : null;
  return (
    <Stack>
      <Progress
        label={text('scrubs.progress')}
        share={slices > 0 ? done / slices : null}
        detail={text('scrubs.progress.detail', { done: format.count(done), all: format.count(slices) })}
      />
      <Figures
        figures={[
          {
            label: text('scrubs.read'),
            value: format.bytes(bytesRead),
            note: text('scrubs.read.copies', { count: copies }),
          },
          {
            label: text('scrubs.pace'),
            value: text('scrubs.pace.value', { bytes: format.bytes(bytesRead / seconds) }),
          },
          { label: text('scrubs.left'), value: leftMs === null ? '–' : format.lasting(leftMs) },
          { label: text('scrubs.begun'), value: format.moment(startedAt) },
        ]}
      />
      {slicesFailed > 0 && (
        <Notice tone="warn">
          {text('scrubs.failed')}: {format.count(slicesFailed)}
        </Notice>
      )}
    </Stack>
  );
}

const findingsOf = ({ findings }: Scrub): number => Object.values(findings).reduce((sum, n) => sum + n, 0);

function History({ scrubs }: { scrubs: readonly Scrub[] }) {
  const text = useText();
  const format = useFormat();
  const columns: Column<Scrub>[] = [
    { id: 'begun', label: text('scrubs.begun'), cell: ({ startedAt }) => format.moment(startedAt) },
    {
      id: 'state',
      label: text('scrubs.state'),
      cell: ({ state }) => <Badge tone={tones[state]}>{text(`scrubs.state.${state}`)}</Badge>,
    },
    { id: 'cause', label: text('scrubs.cause'), cell: ({ cause }) => text(`scrubs.cause.${cause}`) },
    { id: 'ended', label: text('scrubs.ended'), cell: ({ finishedAt }) => format.moment(finishedAt) },
    {
      id: 'copies',
      label: text('scrubs.copies'),
      isNumber: true,
      cell: ({ copies }) => format.count(copies),
    },
    {
      id: 'bytes',
      label: text('scrubs.bytes'),
      isNumber: true,
      cell: ({ bytesRead }) => format.bytes(bytesRead),
    },
    {
      id: 'failed',
      label: text('scrubs.failed'),
      isNumber: true,
      cell: ({ slicesFailed }) => format.count(slicesFailed),
    },
    {
      id: 'findings',
      label: text('scrubs.findings'),
      isNumber: true,
      cell: (scrub) =>
        findingsOf(scrub) === 0 ? (
          text('scrubs.findings.none')
        ) : (
          <Link to="/findings" search={{ scrub: scrub.scrubId }}>
            {text('scrubs.findings.show', { count: findingsOf(scrub) })}
          </Link>
        ),
    },
  ];
  return (
    <DataTable
      caption={text('scrubs.history')}
      columns={columns}
      rows={scrubs}
      keyOf={({ scrubId }) => scrubId}
    />
  );
}
