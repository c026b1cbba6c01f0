import { Button, Notice, Row, Stack, TextInput } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

/** Asks for some of the words, so that the paper is there when it is needed. */
export function ConfirmWords({
  asked,
  onBack,
  onDone,
}: {
  /** Positions, from 0. */
  asked: readonly number[];
  onBack: () => void;
  onDone: () => void;
}) {
  const text = useText();
  const say = useErrorText();
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [wrong, setWrong] = useState<readonly number[]>([]);
  const confirm = useMutation({
    mutationFn: () =>
      ask((engine) =>
        engine.session.confirmRecoveryKey(
          asked.map((position) => ({ position, word: typed[position] ?? '' })),
        ),
      ),
    onSuccess: (mistaken) => (mistaken.length > 0 ? setWrong(mistaken) : onDone()),
  });
  return (
    <Form
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack>
        <h2>{text('session.confirm.title')}</h2>
        <p>{text('session.confirm.text')}</p>
        {confirm.error && <Notice tone="danger">{say(confirm.error)}</Notice>}
        {wrong.length > 0 && <Notice tone="danger">{text('session.confirm.wrong')}</Notice>}
        {asked.map((position, i) => (
          <TextInput
            key={position}
            label={text('session.confirm.word', { number: position + 1 })}
            value={typed[position] ?? ''}
            onChange={(word) => {
              setTyped({ ...typed, [position]: word });
              setWrong(wrong.filter((one) => one !== position));
            }}
            error={
              wrong.includes(position) ? text('session.confirm.isWrong', { number: position + 1 }) : null
            }
            autoComplete="off"
            autoFocus={i === 0}
            autoCapitalize="none"
            spellCheck="false"
            dir="ltr"
          />
        ))}
        <Row isSpread>
          <Button kind="quiet" onPress={onBack}>
            {text('session.confirm.back')}
          </Button>
          <Button type="submit" kind="primary" isPending={confirm.isPending}>
            {text('session.confirm.do')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}
