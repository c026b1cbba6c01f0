import { Button, Card, Notice, Progress, Row, Soft } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { proxy } from 'comlink';
import { ShieldCheck, Square } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { CheckProgress, CheckResult } from './safety-engine.ts';
import styles from './safety.module.css';

/** Reads every copy again, with live progress, and proves some photos on this device. */
export function CheckCard() {
  const text = useText();
  const say = useErrorText();
  const [progress, setProgress] = useState<CheckProgress | null>(null);
  const check = useMutation({
    mutationFn: () => ask((engine) => engine.safety.check(proxy((now: CheckProgress) => setProgress(now)))),
    onMutate: () => setProgress(null),
  });
  const step = progress?.step ?? 'server';
  return (
    <Card labelledBy="check-title">
      <h2 id="check-title">{text('safety.check.title')}</h2>
      <p>{text('safety.check.text')}</p>
      {check.isPending && (
        <Progress
          label={text(step === 'server' ? 'safety.check.server' : 'safety.check.device')}
          share={progress && progress.all > 0 ? progress.done / progress.all : null}
          {...(progress
            ? { detail: text('safety.check.of', { done: progress.done, all: progress.all }) }
            : {})}
        />
      )}
      {check.error && <Notice tone="danger">{say(check.error)}</Notice>}
      {check.data && <Outcome result={check.data} />}
      <Row>
        {check.isPending ? (
          <Button onPress={() => void ask((engine) => engine.safety.stopCheck())}>
            <Square aria-hidden="true" />
            {text('safety.check.stop')}
          </Button>
        ) : (
          <Button kind="primary" onPress={() => check.mutate()}>
            <ShieldCheck aria-hidden="true" />
            {text(check.data ? 'safety.check.again' : 'safety.check.start')}
          </Button>
        )}
      </Row>
    </Card>
  );
}

function Outcome({ result }: { result: CheckResult }) {
  const text = useText();
  const intl = useIntl();
  const { badCopies, unreachableCopies, damaged, wasStopped } = result;
  const isGood = badCopies === 0 && damaged.length === 0;
  const tone = damaged.length > 0 ? 'danger' : isGood && unreachableCopies === 0 ? 'good' : 'warn';
  return (
    <Notice tone={tone}>
      <p>
        {text(wasStopped ? 'safety.result.stopped' : 'safety.result.done', {
          copies: result.copies,
          time: intl.formatTime(result.at),
        })}{' '}
        {isGood && !wasStopped && text('safety.result.good', { opened: result.opened })}
        {badCopies > 0 && text('safety.result.bad', { copies: badCopies })}{' '}
        {unreachableCopies > 0 && text('safety.result.unreachable', { copies: unreachableCopies })}
      </p>
      {damaged.length > 0 && (
        <>
          <p>{text('safety.result.damaged', { photos: damaged.length })}</p>
          <ul className={styles.damaged}>
            {damaged.map((name, i) => (
              <li key={i}>{name}</li>
            ))}
          </ul>
        </>
      )}
      {wasStopped && <Soft>{text('safety.result.stoppedHint')}</Soft>}
    </Notice>
  );
}
