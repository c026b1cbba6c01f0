import { integrityStaffRoutes, type Coverage } from '@heirloom/contracts';
import { Soft } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';
import { ageOf, ages, CoveragePicture } from './coverage-picture.tsx';
import { DaysPicture } from './days-picture.tsx';
import styles from './coverage.module.css';

/** What was read when: a picture with a table beside it, by parts of locations and by days. */
export function CoverageSections() {
  const text = useText();
  const { http } = useStaff();
  const query = useQuery({
    queryKey: ['scrubs', 'coverage'],
    queryFn: ({ signal }) => http.call(integrityStaffRoutes.coverage, {}, { signal }),
  });
  return (
    <>
      <Section title={text('scrubs.coverage')}>
        <Loaded query={query}>{({ locations }) => <Parts locations={locations} />}</Loaded>
      </Section>
      <Section title={text('scrubs.days')}>
        <Loaded query={query}>{({ days }) => <Days days={days} />}</Loaded>
      </Section>
    </>
  );
}

type Location = Coverage['locations'][number];

function Parts({ locations }: Pick<Coverage, 'locations'>) {
  const text = useText();
  const format = useFormat();
  const now = new Date();
  const oldest = ({ slices }: Location): Date | null =>
    slices.reduce<Date | null>(
      (first, at) => (at !== null && (first === null || at < first) ? at : first),
      null,
    );
  const columns: Column<Location>[] = [
    { id: 'location', label: text('scrubs.coverage.location'), cell: ({ locationId }) => locationId },
    ...ages.map((age): Column<Location> => ({
      id: age,
      label: text(`scrubs.coverage.${age}`),
      isNumber: true,
      cell: ({ slices }) => format.count(slices.filter((at) => ageOf(at, now) === age).length),
    })),
    {
      id: 'oldest',
      label: text('scrubs.coverage.oldest'),
      cell: (location) => format.moment(oldest(location)),
    },
  ];
  return (
    <>
      <Soft>{text('scrubs.coverage.lead')}</Soft>
      <div className={styles.beside}>
        <div>
          <div className={styles.pictures}>
            {locations.map(({ locationId, slices }) => (
              <figure key={locationId} className={styles.figure}>
                <CoveragePicture
                  slices={slices}
                  now={now}
                  label={text('scrubs.coverage.picture', { location: locationId })}
                />
                <figcaption>{locationId}</figcaption>
              </figure>
            ))}
          </div>
          <ul className={styles.legend} aria-hidden="true">
            {ages.map((age) => (
              <li key={age}>
                <span className={`${styles.swatch ?? ''} ${styles[age] ?? ''}`} />
                {text(`scrubs.coverage.${age}`)}
              </li>
            ))}
          </ul>
        </div>
        <DataTable
          caption={text('scrubs.coverage')}
          columns={columns}
          rows={locations}
          keyOf={({ locationId }) => locationId}
        />
      </div>
    </>
  );
}

function Days({ days }: Pick<Coverage, 'days'>) {
  const text = useText();
  const format = useFormat();
  if (days.length === 0) return <Nothing>{text('scrubs.days.none')}</Nothing>;
  type Day = (typeof days)[number];
  const columns: Column<Day>[] = [
    { id: 'day', label: text('scrubs.days.day'), cell: ({ day }) => format.day(new Date(day)) },
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
  ];
  return (
    <div className={styles.beside}>
      <DaysPicture days={days} label={text('scrubs.days.picture')} />
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={text('scrubs.days.table')}>
        <DataTable
          caption={text('scrubs.days.table')}
          columns={columns}
          rows={days.toReversed()}
          keyOf={({ day }) => day}
        />
      </div>
    </div>
  );
}
