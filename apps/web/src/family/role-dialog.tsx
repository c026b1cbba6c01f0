import { Button, Dialog, Notice, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { InvitedRole } from '@heirloom/contracts';
import { isolate } from '../app/isolate.ts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Person } from './family-engine.ts';
import { nameOf } from './family-page.tsx';
import { RoleOptions } from './role-options.tsx';

/** Changes what somebody may do. */
export function RoleDialog({
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
  const [role, setRole] = useState<InvitedRole>(person.role === 'owner' ? 'adult' : person.role);
  const name = isolate(nameOf(person));
  const change = useMutation({
    mutationFn: () => ask((engine) => engine.family.changeRole(person.accountId, role)),
    onSuccess: () => {
      toast(text('family.role.changed', { name }));
      onClose();
    },
  });
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={text('family.role.title', { name })}
      actions={
        <>
          <Button onPress={onClose}>{text('family.cancel')}</Button>
          <Button
            kind="primary"
            isPending={change.isPending}
            isDisabled={role === person.role}
            onPress={() => change.mutate()}
          >
            {text('family.save')}
          </Button>
        </>
      }
    >
      {change.error && <Notice tone="danger">{say(change.error)}</Notice>}
      <RoleOptions role={role} onChange={setRole} />
    </Dialog>
  );
}
