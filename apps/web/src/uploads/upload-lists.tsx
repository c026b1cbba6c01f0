import { Button, Card, IconButton, Progress, Row, Soft, useSizes } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck, Copy, RotateCcw, Undo2, X } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { ActiveUpload, LiveUploads, UploadOverview, UploadRow } from './queued-file.ts';
import styles from './uploads.module.css';

const useQueueActions = () => ({
  remove: useMutation({
    mutationFn: (ids: string[] | 'waiting' | 'failed') => ask((engine) => engine.uploads.remove(ids)),
  }),
  retry: useMutation({
    mutationFn: (ids: string[] | 'all') => ask((engine) => engine.uploads.retry(ids)),
  }),
});

/** A list with its heading; nothing when it is empty. */
function Group({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <Card labelledBy={id}>
      <Row isSpread>
        <h2 id={id}>{title}</h2>
        {actions && <Row>{actions}</Row>}
      </Row>
      <ul className={styles.list}>{children}</ul>
    </Card>
  );
}

export function ActiveList({ active }: { active: readonly ActiveUpload[] }) {
  const text = useText();
  const { remove } = useQueueActions();
  if (active.length === 0) return null;
  return (
    <Group title={text('uploads.now')}>
      {active.map(({ id, name, step, share }) => (
        <li key={id} className={styles.row}>
          <div className={styles.grow}>
            <Progress
              label={name}
              share={step === 'saving' ? null : share}
              detail={text(`uploads.step.${step}`)}
            />
          </div>
          <IconButton
            label={text('uploads.remove', { name })}
            icon={<X aria-hidden="true" />}
            onPress={() => remove.mutate([id])}
          />
        </li>
      ))}
    </Group>
  );
}

/** What could not be stored, each with why and what to do. */
export function FailedList({ failed }: Pick<UploadOverview, 'failed'>) {
  const text = useText();
  const { remove, retry } = useQueueActions();
  if (failed.files === 0) return null;
  const actions = (
    <>
      <Button onPress={() => retry.mutate('all')} isPending={retry.isPending}>
        <RotateCcw aria-hidden="true" />
        {text('uploads.retryAll')}
      </Button>
      <Button kind="quiet" onPress={() => remove.mutate('failed')}>
        {text('uploads.removeAll')}
      </Button>
    </>
  );
  return (
    <Group title={text('uploads.failed', { files: failed.files })} actions={actions}>
      {failed.rows.map((row) => (
        <FailedRow key={row.id} row={row} />
      ))}
      {failed.files > failed.rows.length && (
        <li>
          <Soft>{text('uploads.more', { files: failed.files - failed.rows.length })}</Soft>
        </li>
      )}
    </Group>
  );
}

function FailedRow({ row: { id, name, failure } }: { row: UploadRow }) {
  const text = useText();
  const say = useErrorText();
  const { remove, retry } = useQueueActions();
  const why = failure?.code === 'unreadable' ? text('uploads.unreadable') : say(failure);
  return (
    <li className={styles.row}>
      <div className={styles.grow}>
        <bdi className={styles.name}>{name}</bdi>
        <Soft>
          {failure?.isStored && `${text('uploads.notInAlbum')} `}
          {why}
        </Soft>
      </div>
      <IconButton
        label={text('uploads.retry', { name })}
        icon={<RotateCcw aria-hidden="true" />}
        onPress={() => retry.mutate([id])}
      />
      <IconButton
        label={text('uploads.remove', { name })}
        icon={<X aria-hidden="true" />}
        onPress={() => remove.mutate([id])}
      />
    </li>
  );
}

export function WaitingList({
  waiting,
  active,
}: Pick<UploadOverview, 'waiting'> & Pick<LiveUploads, 'active'>) {
  const text = useText();
  const sizes = useSizes();
  const { remove } = useQueueActions();
  const sending = new Set(active.map(({ id }) => id));
  const rows = waiting.rows.filter(({ id }) => !sending.has(id));
  const others = waiting.files - rows.length - active.length;
  if (rows.length === 0) return null;
  return (
    <Group
      title={text('uploads.next')}
      actions={
        <Button kind="quiet" onPress={() => remove.mutate('waiting')}>
          {text('uploads.removeAll')}
        </Button>
      }
    >
      {rows.map(({ id, name, size }) => (
        <li key={id} className={styles.row}>
          <bdi className={`${styles.grow ?? ''} ${styles.name ?? ''}`}>{name}</bdi>
          <Soft>{sizes.bytes(size)}</Soft>
          <IconButton
            label={text('uploads.remove', { name })}
            icon={<X aria-hidden="true" />}
            onPress={() => remove.mutate([id])}
          />
        </li>
      ))}
      {others > 0 && (
        <li>
          <Soft>{text('uploads.more', { files: others })}</Soft>
        </li>
      )}
    </Group>
  );
}

const marks = { stored: CircleCheck, known: Copy, restored: Undo2 } as const;

export function RecentList({ recent }: Pick<LiveUploads, 'recent'>) {
  const text = useText();
  if (recent.length === 0) return null;
  return (
    <Group title={text('uploads.recent')}>
      {recent.map(({ id, name, outcome }) => {
        const Mark = marks[outcome];
        return (
          <li key={id} className={styles.row}>
            <Mark aria-hidden="true" className={styles[outcome]} />
            <bdi className={`${styles.grow ?? ''} ${styles.name ?? ''}`}>{name}</bdi>
            <Soft>{text(`uploads.outcome.${outcome}`)}</Soft>
          </li>
        );
      })}
    </Group>
  );
}
