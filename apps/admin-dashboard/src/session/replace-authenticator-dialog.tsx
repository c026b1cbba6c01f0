import { newAuthenticator, replaceAuthenticator } from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import { Button, Dialog, Notice, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
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
  const say = useErrorText();
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
    <form
      style={{ display: 'contents' }}
      onSubmit={(event) => {
        event.preventDefault();
        replacing.mutate();
      }}
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
      {replacing.error && (
        <Notice tone="danger">
          {isOfNext(replacing.error) ? text('session.replace.wrong') : say(replacing.error)}
        </Notice>
      )}
      <div className="dialog-actions">
        <Button onPress={onClose} isDisabled={replacing.isPending}>
          {text('app.cancel')}
        </Button>
        <Button type="submit" kind="primary" isPending={replacing.isPending}>
          {text('session.replace')}
        </Button>
      </div>
    </form>
  );
}

/** Whether the code of the new authenticator is the wrong one. */
const isOfNext = (error: unknown): boolean => error instanceof AppError && error.code === 'bad-request';
