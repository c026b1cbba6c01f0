import { Button, Dialog, Notice, QrCode, Spinner, toast } from '@heirloom/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useIntl } from 'react-intl';
import { isolate } from '../app/isolate.ts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Person } from './family-engine.ts';
import styles from './family.module.css';
import { nameOf } from './family-page.tsx';

/** Shows the number that is the same on both sides, to be compared by people. */
export function SafetyDialog({
  person,
  isOpen,
  onClose,
}: {
  person: Person;
  isOpen: boolean;
  onClose: () => void;
}) {
  const text = useText();
  const say = useErrorText();
  const intl = useIntl();
  const name = isolate(nameOf(person));
  const { data, error } = useQuery({
    queryKey: ['family', 'safety', person.accountId],
    queryFn: () => ask((engine) => engine.family.safetyNumber(person.accountId)),
    enabled: isOpen,
  });
  const mark = useMutation({
    mutationFn: () => ask((engine) => engine.family.markCompared(person.accountId)),
    onSuccess: () => {
      toast(text('family.safety.marked', { name }));
      onClose();
    },
  });
  const problem = error ?? mark.error;
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={text('family.safety.title', { name })}
      actions={
        <>
          <Button onPress={onClose}>{text('family.safety.later')}</Button>
          <Button kind="primary" isDisabled={!data} isPending={mark.isPending} onPress={() => mark.mutate()}>
            {text('family.safety.same')}
          </Button>
        </>
      }
    >
      {problem && <Notice tone="danger">{say(problem)}</Notice>}
      {data?.isChanged && <Notice tone="danger">{text('family.changed', { name })}</Notice>}
      <p>{text('family.safety.text', { name })}</p>
      {!data && !error && <Spinner />}
      {data && (
        <>
          <ol className={styles.digits} dir="ltr" aria-label={text('family.safety.number')}>
            {data.groups.map((group, i) => (
              <li key={i}>{group}</li>
            ))}
          </ol>
          <div className={styles.qr}>
            <QrCode value={data.qrPayload} label={text('family.safety.qr')} />
          </div>
          <p>{text('family.safety.differs')}</p>
          {data.comparedAt !== null && !data.isChanged && (
            <Notice tone="good">
              {text('family.safety.when', {
                date: intl.formatDate(data.comparedAt, { dateStyle: 'long' }),
              })}
            </Notice>
          )}
        </>
      )}
    </Dialog>
  );
}
