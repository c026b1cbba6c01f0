import { Button, ButtonLink, Card, Notice, Progress, Row, Soft, useSizes } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import type { TextId } from '../i18n/text.ts';
import { useText } from '../i18n/use-text.ts';
import { progressOf } from './progress.ts';
import type { LiveUploads, UploadOverview } from './queued-file.ts';
import { StorageTaken } from './storage-taken.tsx';

interface Shown {
  overview: UploadOverview;
  live: LiveUploads;
}

/** How far all of it is, what it waits for, and how it ended. */
export function UploadStatus({ overview, live }: Shown) {
  const { waiting } = overview;
  return (
    <>
      <Obstacles overview={overview} live={live} />
      {waiting.files > 0 && <Overall overview={overview} live={live} />}
      {waiting.files === 0 && <Result overview={overview} />}
    </>
  );
}

function labelOf(isPaused: boolean, phase: LiveUploads['phase']): TextId {
  if (isPaused) return 'uploads.paused';
  if (phase === 'key-needed') return 'uploads.waitingForKey';
  return phase === 'offline' || phase === 'stopped' ? 'uploads.waiting' : 'uploads.running';
}

function Overall({ overview, live }: Shown) {
  const text = useText();
  const sizes = useSizes();
  const progress = progressOf(overview, live);
  const { isPaused } = overview.tally;
  const { doneFiles, allFiles, doneBytes, allBytes, secondsLeft } = progress;
  const isRunning = live.phase === 'running' && !isPaused;
  const pieces = [
    text('uploads.bytes', { done: sizes.bytes(doneBytes), all: sizes.bytes(allBytes) }),
    ...(isRunning && live.bytesPerSecond !== null
      ? [text('uploads.speed', { bytes: sizes.bytes(live.bytesPerSecond) })]
      : []),
    ...(isRunning && secondsLeft !== null && secondsLeft < 7 * 86_400
      ? [text('uploads.left', { time: sizes.time(secondsLeft) })]
      : []),
  ];
  const pause = useMutation({
    mutationFn: () => ask((engine) => (isPaused ? engine.uploads.resume() : engine.uploads.pause())),
  });
  return (
    <Card>
      <Progress
        label={text(labelOf(isPaused, live.phase))}
        share={progress.share}
        detail={text('uploads.files', { done: doneFiles, all: allFiles })}
      />
      <Row isSpread>
        <Soft>{pieces.join(' · ')}</Soft>
        <Button onPress={() => pause.mutate()} isPending={pause.isPending}>
          {isPaused ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
          {text(isPaused ? 'uploads.resume' : 'uploads.pause')}
        </Button>
      </Row>
    </Card>
  );
}

function Obstacles({ overview, live: { phase, problem } }: Shown) {
  const text = useText();
  const say = useErrorText();
  const goOn = useMutation({ mutationFn: () => ask((engine) => engine.uploads.resume()) });
  const allow = useMutation({ mutationFn: allowAgain });
  const hasWork = overview.waiting.files > 0 && !overview.tally.isPaused;
  const again = (
    <Button onPress={() => goOn.mutate()} isPending={goOn.isPending}>
      {text('uploads.tryNow')}
    </Button>
  );
  return (
    <>
      {hasWork && phase === 'offline' && (
        <Notice tone="warn" actions={again}>
          {text('uploads.offline')}
        </Notice>
      )}
      {hasWork && phase === 'stopped' && (
        <Notice tone="danger" actions={again}>
          {problem && say(problem)}
          {problem?.code === 'quota-exceeded' && <StorageTaken />} {text('uploads.stopped')}
        </Notice>
      )}
      {hasWork && phase === 'key-needed' && (
        <Notice
          tone="warn"
          actions={
            <ButtonLink kind="primary" href="/recovery-key">
              {text('uploads.keyNeeded.do')}
            </ButtonLink>
          }
        >
          {text('uploads.keyNeeded')}
        </Notice>
      )}
      {overview.unallowed > 0 && (
        <Notice
          tone="warn"
          actions={
            <Button kind="primary" onPress={() => allow.mutate()} isPending={allow.isPending}>
              {text('uploads.allow')}
            </Button>
          }
        >
          {text('uploads.unallowed', { files: overview.unallowed })}
        </Notice>
      )}
      {overview.loose > 0 && <Notice tone="warn">{text('uploads.loose', { files: overview.loose })}</Notice>}
    </>
  );
}

/** Asks the browser for what was dropped before it was reloaded; it shows a question of its own for each. */
async function allowAgain(): Promise<void> {
  const handles = await ask((engine) => engine.uploads.handlesToAllow());
  for (const handle of handles) await handle.requestPermission?.({ mode: 'read' });
  await ask((engine) => engine.uploads.resume());
}

function Result({ overview: { tally, failed } }: Pick<Shown, 'overview'>) {
  const text = useText();
  const dismiss = useMutation({ mutationFn: () => ask((engine) => engine.uploads.dismiss()) });
  const { stored, known, restored, copies } = tally;
  if (stored + known + restored === 0) return null;
  const sentences = [
    ...(stored > 0 ? [text('uploads.result.stored', { files: stored, copies: copies ?? 1 })] : []),
    ...(known > 0 ? [text('uploads.result.known', { files: known })] : []),
    ...(restored > 0 ? [text('uploads.result.restored', { files: restored })] : []),
    ...(failed.files > 0 ? [text('uploads.result.failed', { files: failed.files })] : []),
  ];
  return (
    <Notice
      tone={failed.files > 0 ? 'warn' : 'good'}
      actions={<Button onPress={() => dismiss.mutate()}>{text('uploads.dismiss')}</Button>}
    >
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Notice>
  );
}
