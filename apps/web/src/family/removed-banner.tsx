import { Button, Notice } from '@heirloom/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import styles from './family.module.css';

/** Tells somebody who was removed from their family, until they have read it. */
export function RemovedBanner() {
  const text = useText();
  const { data: wasRemoved } = useQuery({
    queryKey: ['family', 'was-removed'],
    queryFn: () => ask((engine) => engine.family.wasRemoved()),
  });
  const seen = useMutation({ mutationFn: () => ask((engine) => engine.family.noteRemovalSeen()) });
  if (!wasRemoved) return null;
  return (
    <div className={styles.removed}>
      <Notice
        tone="warn"
        actions={<Button onPress={() => seen.mutate()}>{text('family.wasRemoved.seen')}</Button>}
      >
        {text('family.wasRemoved')}
      </Notice>
    </div>
  );
}
