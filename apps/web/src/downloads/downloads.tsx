import { Button, Notice, Progress, Row, Soft, useSizes } from '@heirloom/ui';
import { useSyncExternalStore } from 'react';
import { useLeaveWarning } from '../app/leaving.ts';
import { useWakeLock } from '../app/use-wake-lock.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import styles from './downloads.module.css';
import { savings, type Saving } from './saving.ts';

/** More names than these are in the file only. */
const namesShown = 5;

/** Photos that are being saved on this device, and how that ended, wherever somebody is in the app meanwhile. */
export function Downloads() {
  const text = useText();
  const all = useSyncExternalStore(savings.listen, savings.now);
  const isRunning = all.some(({ state }) => state === 'running');
  useWakeLock(isRunning);
  useLeaveWarning(isRunning);
  if (all.length === 0) return null;
  return (
    <section className={styles.downloads} aria-label={text('downloads.title')}>
      {all.map((one) =>
        one.state === 'running' ? <Going key={one.id} {...one} /> : <Ended key={one.id} {...one} />,
      )}
    </section>
  );
}

function Going({ fileName, files, allFiles, bytes, allBytes, stop }: Saving) {
  const text = useText();
  const sizes = useSizes();
  return (
    <div className={styles.card}>
      <Progress
        label={text('downloads.going', { name: fileName })}
        share={allBytes === 0 ? null : Math.min(1, bytes / allBytes)}
        detail={text('downloads.files', { done: files, all: allFiles })}
      />
      <Row isSpread>
        <Soft>
          {text('downloads.bytes', {
            done: sizes.bytes(Math.min(bytes, allBytes)),
            all: sizes.bytes(allBytes),
          })}
        </Soft>
        <Button onPress={stop}>{text('downloads.stop')}</Button>
      </Row>
      <Soft>{text('downloads.stay')}</Soft>
    </div>
  );
}

function Ended({ id, state, fileName, files, leftOut, fault }: Saving) {
  const text = useText();
  const say = useErrorText();
  const close = <Button onPress={() => savings.forget(id)}>{text('downloads.close')}</Button>;
  if (state !== 'done')
    return (
      <Notice tone={state === 'failed' ? 'danger' : 'info'} actions={close}>
        {state === 'failed' && fault && say(fault)} {text('downloads.broken', { name: fileName })}
      </Notice>
    );
  const more = leftOut.length - namesShown;
  return (
    <Notice tone={leftOut.length > 0 ? 'warn' : 'good'} actions={close}>
      <p>{text('downloads.done', { count: files - leftOut.length, name: fileName })}</p>
      {leftOut.length > 0 && (
        <>
          <p>{text('downloads.leftOut', { count: leftOut.length })}</p>
          <ul>
            {leftOut.slice(0, namesShown).map((name, i) => (
              <li key={i}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
          {more > 0 && <p>{text('downloads.leftOut.more', { count: more })}</p>}
        </>
      )}
    </Notice>
  );
}
