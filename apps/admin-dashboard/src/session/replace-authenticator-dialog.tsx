import { newAuthenticator, replaceAuthenticator } from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import { Dialog, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { AuthenticatorSecret } from './authenticator-secret.tsx';
import { CodeField, plainCode } from './code-field.tsx';
import { useStaff } from './use-session.ts';

/** For whoever gets another phone: sign-ins need codes of another authenticator from then on. */
export function ReplaceAuthenticatorDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text('session.replace')} isAlert>
      {isOpen && <Codes onClose={onClose} />}
    </Dialog>
  );
}

function Codes({ onClose }: { onClose: () => void }) {
  const text = useText();
  const staff = useStaff();
  const [authenticator] = useState(() => newAuthenticator(staff.profile.email));
  const [next, setNext] = useState('');
  const [present, setPresent] = useState('');
  const { secret } = authenticator;
  const replacing = useMutation({
    mutationFn: () => replaceAuthenticator(staff, plainCode(present), { secret, code: plainCode(next) }),
    onSuccess: () => {
      toast(text('session.replace.done'));
      onClose();
    },
  });
  return (
    <DialogForm
      action={text('session.replace')}
      isPending={replacing.isPending}
      error={replacing.error}
      say={(error) => (isOfNext(error) ? text('session.replace.wrong') : undefined)}
      onSubmit={() => replacing.mutate()}
      onClose={onClose}
    >
      <p>{text('session.replace.lead')}</p>
      <AuthenticatorSecret authenticator={authenticator} />
      <CodeField
        label={text('session.replace.next')}
        hint={text('session.replace.next.hint')}
        value={next}
        onChange={setNext}
        autoFocus
      />
      <CodeField
        label={text('session.replace.present')}
        hint={text('session.replace.present.hint')}
        value={present}
        onChange={setPresent}
      />
    </DialogForm>
  );
}

/** Whether the code of the new authenticator is the wrong one. */
const isOfNext = (error: unknown): boolean => error instanceof AppError && error.code === 'bad-request';
