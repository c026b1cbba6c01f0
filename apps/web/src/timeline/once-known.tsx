import { Button, EmptyState, Notice, Row, Soft, Spinner } from '@heirloom/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { EngineError } from '../engine/errors.ts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { useIsOnline } from '../shell/offline-banner.tsx';

/** Whether this browser knows what is in the library; undefined while that is being asked. */
export const useFirstAnswer = () =>
  useQuery({ queryKey: ['timeline', 'answer'], queryFn: () => ask((engine) => engine.timeline.answer()) })
    .data;

/**
 * What is said of a library without photos: nothing but that they are on their way, until the server has said once that there
 * are none. Whoever has just signed in must not read that their photos are gone.
 */
export function OnceKnown({ children }: { children: ReactNode }) {
  const text = useText();
  const say = useErrorText();
  const isOnline = useIsOnline();
  const answer = useFirstAnswer();
  const again = useMutation({ mutationFn: () => ask((engine) => engine.timeline.sync()) });
  if (!answer) return <Spinner />;
  if (answer.isKnown) return children;
  const retry = (
    <Button isPending={again.isPending} onPress={() => again.mutate()}>
      {text('app.retry')}
    </Button>
  );
  if (!isOnline)
    return (
      <EmptyState
        icon={<CloudOff aria-hidden="true" />}
        title={text('timeline.awaited.offline')}
        actions={retry}
      >
        {text('timeline.awaited.offline.text')}
      </EmptyState>
    );
  if (answer.failure)
    return (
      <Notice tone="danger" actions={retry}>
        {say(new EngineError(answer.failure))}
      </Notice>
    );
  return (
    <div role="status">
      <Row>
        <Spinner />
        <Soft>{text('timeline.awaited')}</Soft>
      </Row>
    </div>
  );
}
