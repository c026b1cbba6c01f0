import { Button, Card, Notice, Stack } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { PasswordField } from './password-field.tsx';
import type { RecoveryKeyState } from './kept-recovery-key.ts';
import type { RecoverySheet } from './recovery-key-engine.ts';
import { WhosePassword } from './whose-password.tsx';

/** Makes new words, for which the person shows their password. */
export function MakeWords({
  state,
  onMade,
}: {
  state: RecoveryKeyState;
  onMade: (sheet: RecoverySheet | null) => void;
}) {
  const text = useText();
  const say = useErrorText();
  const [password, setPassword] = useState('');
  const make = useMutation({
    mutationFn: () => ask((engine) => engine.session.makeRecoveryKey(password)),
    onSuccess: onMade,
  });
  return (
    <Stack>
      <Notice tone={state === 'confirmed' ? 'good' : 'warn'}>{text(`session.kit.state.${state}`)}</Notice>
      <Card>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <Stack>
            <h2>{text('session.make.title')}</h2>
            <p>{text(state === 'none' ? 'session.kit.why' : 'session.make.text')}</p>
            {make.error && <Notice tone="danger">{say(make.error)}</Notice>}
            <WhosePassword />
            <PasswordField value={password} onChange={setPassword} />
            <div>
              <Button type="submit" kind="primary" isPending={make.isPending}>
                {text('session.make.do')}
              </Button>
            </div>
          </Stack>
        </Form>
      </Card>
    </Stack>
  );
}
