import type { Overview } from '@heirloom/contracts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { Figures, type Figure } from '../tables/figures.tsx';

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);

/** The numbers that tell whether somebody has to read on. */
export function OverviewFigures({ overview }: { overview: Overview }) {
  const services = useServiceFigures(overview);
  const storage = useStorageFigures(overview);
  return <Figures figures={[...services, ...storage]} />;
}

function useServiceFigures({ instances }: Overview): Figure[] {
  const text = useText();
  const format = useFormat();
  const unwell = instances.filter(({ state }) => state !== 'up').length;
  const errors = sum(instances.map(({ errors: own }) => own));
  // All instances of a service tell of the same queues.
  const queues = new Map(
    instances.flatMap(({ service, jobs }) => jobs.map((job) => [`${service}/${job.name}`, job] as const)),
  );
  const failed = sum([...queues.values()].map((queue) => queue.failed));
  return [
    {
      label: text('overview.instances'),
      value: format.count(instances.length),
      note: text('overview.instances.well', { count: unwell }),
      tone: unwell > 0 ? 'danger' : 'good',
    },
    {
      label: text('overview.requests'),
      value: format.count(sum(instances.map(({ requests }) => requests))),
      note: text('overview.errors', { count: errors }),
      tone: errors > 0 ? 'warn' : 'plain',
    },
    {
      label: text('overview.jobs'),
      value: format.count(sum([...queues.values()].map(({ waiting, active }) => waiting + active))),
      note: text('overview.jobs.failed', { count: failed }),
      tone: failed > 0 ? 'warn' : 'plain',
    },
  ];
}

function useStorageFigures({ storage, findings, scrubs, audit }: Overview): Figure[] {
  const text = useText();
  const format = useFormat();
  const toLookAt = sum(Object.values(findings));
  const waiting = storage?.copiesWaiting ?? null;
  const { running, checkedSince } = scrubs;
  return [
    {
      label: text('overview.stored'),
      value: format.bytes(storage && sum(storage.locations.map(({ usedBytes }) => usedBytes))),
      note: storage && text('overview.stored.free', { free: format.bytes(freeOf(storage)) }),
    },
    {
      label: text('overview.copies'),
      value: format.count(waiting),
      note: storage?.oldestWaitingSince
        ? text('overview.copies.since', { at: format.moment(storage.oldestWaitingSince) })
        : waiting === 0 && text('overview.copies.none'),
      tone: waiting === 0 ? 'good' : 'info',
    },
    {
      label: text('overview.findings'),
      value: format.count(toLookAt),
      note: text('overview.findings.lost', { count: findings.unrepairable }),
      tone: findings.unrepairable > 0 ? 'danger' : toLookAt > 0 ? 'warn' : 'good',
    },
    {
      label: text('overview.checked'),
      value: checkedSince ? format.moment(checkedSince) : text('overview.checked.never'),
      note: running
        ? text('overview.checked.running', {
            share: format.share(running.slices > 0 ? running.slicesDone / running.slices : 0),
          })
        : text('overview.checked.idle'),
    },
    {
      label: text('overview.audit'),
      value: format.count(audit.entries),
      note: text(`overview.audit.${audit.lastCheck?.state ?? 'unchecked'}`),
      tone: audit.lastCheck?.state === 'broken' ? 'danger' : 'plain',
    },
  ];
}

/** Of the location that has the least: every photo has to fit there too. */
const freeOf = ({ locations }: NonNullable<Overview['storage']>): number | null => {
  const known = locations.flatMap(({ freeBytes }) => (freeBytes === null ? [] : [freeBytes]));
  return known.length === 0 ? null : Math.min(...known);
};
