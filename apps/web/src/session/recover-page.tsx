import { Button, Card, Notice, Soft, Stack, TextInput } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { RecoveryWordsFault } from '@heirloom/crypto';
import { isolate } from '../app/isolate.ts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { SayText } from '../i18n/use-text.ts';
import { PlainPage } from '../shell/plain-page.tsx';
import { deviceNameOf } from './device-name.ts';
import { EmailField } from './email-field.tsx';
import { PasswordField } from './password-field.tsx';
import { StrengthMeter } from './strength-meter.tsx';
import { useTerms } from './use-terms.ts';

const sayFault = (text: SayText, fault: RecoveryWordsFault): string => {
  if (fault.kind === 'unknown')
    return text('session.words.unknown', { number: fault.position, word: isolate(fault.word) });
  return fault.kind === 'count'
    ? text('session.words.count', { count: fault.count })
    : text('session.words.mixed');
};

/** For somebody who forgot their password and has the 24 words. */
export function RecoverPage() {
  const text = useText();
  return (
    <PlainPage>
      <h1 tabIndex={-1}>{text('session.recover.title')}</h1>
      <p>{text('session.recover.text')}</p>
      <Card>
        <RecoverForm />
      </Card>
      <Soft>{text('session.recover.none')}</Soft>
      <Soft>
        <Link to="/sign-in">{text('session.recover.remembered')}</Link>
      </Soft>
    </PlainPage>
  );
}

function RecoverForm() {
  const text = useText();
  const say = useErrorText();
  const [email, setEmail] = useState('');
  const [words, setWords] = useState('');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<RecoveryWordsFault | null>(null);
  const min = useTerms().data?.passwordMinCharacters ?? 10;
  const look = async () => setFault(await ask((engine) => engine.session.findWordsFault(words)));
  const recover = useMutation({
    mutationFn: async () => {
      const found = await ask((engine) => engine.session.findWordsFault(words));
      setFault(found);
      if (found) return;
      const deviceName = deviceNameOf(navigator.userAgent);
      const person = { email: email.trim(), words, password, deviceName };
      await ask((engine) => engine.session.recover(person));
    },
  });
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        recover.mutate();
      }}
    >
      <Stack>
        {recover.error && <Notice tone="danger">{say(recover.error)}</Notice>}
        <EmailField value={email} onChange={setEmail} />
        <TextInput
          label={text('session.words')}
          hint={text('session.words.hint')}
          error={fault && sayFault(text, fault)}
          value={words}
          onChange={(typed) => {
            setWords(typed);
            setFault(null);
          }}
          onBlur={() => words.trim() !== '' && void look()}
          isMultiline
          isRequired
          autoComplete="off"
          autoCapitalize="none"
          spellCheck="false"
          dir="ltr"
        />
        <PasswordField isNew label={text('session.newPassword')} value={password} onChange={setPassword} />
        <StrengthMeter password={password} known={[email]} minCharacters={min} />
        <Button type="submit" kind="primary" isPending={recover.isPending}>
          {text('session.recover.do')}
        </Button>
      </Stack>
    </Form>
  );
}
