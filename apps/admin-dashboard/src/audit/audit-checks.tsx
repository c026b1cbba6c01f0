import { auditRoutes, newId, type AuditCheck, type AuditCheckId, type AuditFault } from '@heirloom/contracts';
import { Button, Notice, toast } from '@heirloom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { Badge, type BadgeTone } from '../tables/badge.tsx';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';

const shown = 5;
const whileRunningMs = 2_000;
const tones: Record<AuditCheck['state'], BadgeTone> = { running: 'info', intact: 'good', broken: 'danger' };

/** Readings of the whole trail against its hashes and signatures. */
export function AuditChecks() {
  const text = useText();
  const { http } = useStaff();
  const query = useQuery({
    queryKey: ['audit', 'checks'],
    queryFn: ({ signal }) => http.call(auditRoutes.auditChecks, { query: { limit: shown } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.checks[0]?.state === 'running' ? whileRunningMs : false),
  });
  return (
    <Section title={text('audit.checks')} actions={<CheckButton />}>
      <Loaded query={query}>
        {({ checks }) => {
          if (checks.length === 0) return <Nothing>{text('audit.checks.none')}</Nothing>;
          const newest = checks.find(({ state }) => state !== 'running');
          return (
            <>
              {newest?.state === 'broken' && <Notice tone="danger">{text('audit.broken')}</Notice>}
              <ChecksTable checks={checks} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function CheckButton() {
  const text = useText();
  const say = useErrorText();
  const { http } = useStaff();
  const queries = useQueryClient();
  const starting = useMutation({
    mutationFn: () => http.call(auditRoutes.startAuditCheck, { body: { checkId: newId<AuditCheckId>() } }),
    onSuccess: () => {
      toast(text('audit.check.started'));
      return queries.invalidateQueries({ queryKey: ['audit', 'checks'] });
    },
    onError: (error) => toast(say(error)),
  });
  return (
    <Button isPending={starting.isPending} onPress={() => starting.mutate()}>
      {text('audit.check')}
    </Button>
  );
}

function ChecksTable({ checks }: { checks: readonly AuditCheck[] }) {
  const text = useText();
  const format = useFormat();
  const columns: Column<AuditCheck>[] = [
    { id: 'begun', label: text('audit.check.begun'), cell: ({ startedAt }) => format.moment(startedAt) },
    {
      id: 'result',
      label: text('audit.check.result'),
      cell: ({ state }) => <Badge tone={tones[state]}>{text(`audit.check.${state}`)}</Badge>,
    },
    {
      id: 'cause',
      label: text('audit.check.cause'),
      cell: ({ cause }) => text(`audit.check.cause.${cause}`),
    },
    { id: 'ended', label: text('audit.check.ended'), cell: ({ finishedAt }) => format.moment(finishedAt) },
    {
      id: 'entries',
      label: text('audit.check.entries'),
      isNumber: true,
      cell: ({ entries }) => format.count(entries),
    },
    {
      id: 'faults',
      label: text('audit.check.faults'),
      cell: ({ faults }) => <Faults faults={faults} />,
    },
  ];
  return (
    <DataTable
      caption={text('audit.checks')}
      columns={columns}
      rows={checks}
      keyOf={({ checkId }) => checkId}
    />
  );
}

function Faults({ faults }: { faults: readonly AuditFault[] }) {
  const text = useText();
  if (faults.length === 0) return '–';
  return faults.map(({ kind, from, to }) => (
    <div key={`${kind}/${from}`}>
      {text(from === to ? 'audit.fault.one' : 'audit.fault', { from, to, kind: text(`audit.fault.${kind}`) })}
    </div>
  ));
}
