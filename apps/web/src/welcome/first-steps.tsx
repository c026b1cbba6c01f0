import { Button, Card, Row } from '@heirloom/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, ChevronRight } from 'lucide-react';
import { ask } from '../engine/use-engine.ts';
import type { TextId } from '../i18n/text.ts';
import { useText } from '../i18n/use-text.ts';
import { useRecoveryKey } from '../session/use-recovery-key.ts';
import { useFirstAnswer } from '../timeline/once-known.tsx';
import styles from './welcome.module.css';

interface Step {
  to: string;
  title: TextId;
  text: TextId;
  isDone: boolean;
}

/** What has been done: asked again when the family or the photos change. */
const useFirstSteps = () => {
  const ofFamily = useQuery({
    queryKey: ['family', 'first-steps'],
    queryFn: () => ask((engine) => engine.welcome.firstSteps()),
  });
  const ofPhotos = useQuery({
    queryKey: ['timeline', 'first-steps'],
    queryFn: () => ask((engine) => engine.welcome.firstSteps()),
  });
  return ofFamily.data && ofPhotos.data && { ...ofFamily.data, hasPhotos: ofPhotos.data.hasPhotos };
};

/** What a new person begins with. It goes away when all of it is done. */
export function FirstSteps() {
  const text = useText();
  const key = useRecoveryKey();
  const done = useFirstSteps();
  const isKnown = useFirstAnswer()?.isKnown;
  const putAway = useMutation({ mutationFn: () => ask((engine) => engine.welcome.putFirstStepsAway()) });
  if (!done || !key.data || !isKnown || done.isPutAway) return null;
  const steps: Step[] = [
    {
      to: '/recovery-key',
      title: 'welcome.steps.key',
      text: 'welcome.steps.key.text',
      isDone: key.data === 'confirmed',
    },
    {
      to: '/uploads',
      title: 'welcome.steps.photos',
      text: 'welcome.steps.photos.text',
      isDone: done.hasPhotos,
    },
    {
      to: '/family',
      title: 'welcome.steps.family',
      text: 'welcome.steps.family.text',
      isDone: done.hasFamily,
    },
  ];
  if (steps.every(({ isDone }) => isDone)) return null;
  return (
    <Card labelledBy="first-steps">
      <Row isSpread>
        <h2 id="first-steps">{text('welcome.steps.title')}</h2>
        <Button kind="quiet" onPress={() => putAway.mutate()} isPending={putAway.isPending}>
          {text('welcome.steps.putAway')}
        </Button>
      </Row>
      <ol className={styles.steps}>
        {steps.map((step, i) => (
          <li key={step.to}>
            <StepLine {...step} number={i + 1} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function StepLine({ to, title, text: words, isDone, number }: Step & { number: number }) {
  const text = useText();
  const inner = (
    <>
      <span className={styles.mark} aria-hidden="true">
        {isDone ? <Check /> : number}
      </span>
      <span>
        <span className={styles.stepTitle}>{text(title)}</span>
        <span className={styles.stepText}>{isDone ? text('welcome.steps.done') : text(words)}</span>
      </span>
    </>
  );
  if (isDone) return <div className={`${styles.step ?? ''} ${styles.isDone ?? ''}`}>{inner}</div>;
  return (
    <Link to={to} className={styles.step ?? ''}>
      {inner}
      <ChevronRight aria-hidden="true" />
    </Link>
  );
}
