import { limits } from '@heirloom/contracts';
import { Button, EmailInput, PasswordInput, Stack } from '@heirloom/ui';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';

export interface Chosen {
  email: string;
  password: string;
}

/** Asks for an address and a new password. */
export function PasswordStep({ chosen, onChoose }: { chosen: Chosen; onChoose: (chosen: Chosen) => void }) {
  const text = useText();
  const [email, setEmail] = useState(chosen.email);
  const [password, setPassword] = useState(chosen.password);
  const [again, setAgain] = useState(chosen.password);
  const isShort = password !== '' && password.length < limits.passwordMinCharacters;
  const differs = again !== '' && again !== password;
  const hint = text('session.password.hint', { characters: limits.passwordMinCharacters });
  const secret = {
    showLabel: text('session.password.show'),
    hideCharactersLabel: text('session.password.hide'),
    autoComplete: 'new-password',
    isRequired: true,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (again === password && !isShort) onChoose({ email: email.trim(), password });
      }}
    >
      <Stack>
        <EmailInput label={text('session.email')} autoFocus value={email} onChange={setEmail} />
        <PasswordInput
          {...secret}
          label={text('session.password')}
          hint={hint}
          value={password}
          onChange={setPassword}
        />
        <PasswordInput
          {...secret}
          label={text('session.password.again')}
          error={differs ? text('session.password.differs') : null}
          value={again}
          onChange={setAgain}
        />
        <Button kind="primary" type="submit" isDisabled={differs || isShort}>
          {text('session.setUp.check')}
        </Button>
      </Stack>
    </form>
  );
}
