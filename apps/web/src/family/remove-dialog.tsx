import { Button, Dialog, Notice, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { isolate } from '../app/isolate.ts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Person } from './family-engine.ts';
import { nameOf } from './family-page.tsx';

/** Removes somebody, after saying what that means. */
export function RemoveDialog({
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
  const name = isolate(nameOf(person));
  const remove = useMutation({
    mutationFn: () => ask((engine) => engine.family.remove(person.accountId)),
    onSuccess: (status) => {
      toast(text(status === 'effective' ? 'family.removed' : 'family.removed.fencing', { name }));
      onClose();
    },
  });
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      isAlert
      title={text('family.remove.title', { name })}
      actions={
        <>
          <Button onPress={onClose} isDisabled={remove.isPending}>
            {text('family.cancel')}
          </Button>
          <Button kind="danger" isPending={remove.isPending} onPress={() => remove.mutate()}>
            {text('family.remove')}
          </Button>
        </>
      }
    >
      {remove.error && <Notice tone="danger">{say(remove.error)}</Notice>}
      <ul>
        <li>{text('family.remove.loses')}</li>
        <li>{text('family.remove.theirs')}</li>
        <li>{text('family.remove.copies')}</li>
        <li>{text('family.remove.keys')}</li>
      </ul>
    </Dialog>
  );
}
