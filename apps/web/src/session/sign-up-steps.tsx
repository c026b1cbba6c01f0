import { Button, Notice, Row, Stack, TextInput } from '@heirloom/ui';
import { useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import type { EngineError } from '../engine/errors.ts';
import type { TextId } from '../i18n/text.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { EmailField } from './email-field.tsx';
import { PasswordField } from './password-field.tsx';
import styles from './session.module.css';
import { StrengthMeter } from './strength-meter.tsx';

/** What somebody tells who is new here. */
export interface Newcomer {
  invitation: string;
  name: string;
  email: string;
  password: string;
}

type Step = keyof Newcomer;

const nobody: Newcomer = { invitation: '', name: '', email: '', password: '' };
const titles: Record<Step, TextId> = {
  invitation: 'session.step.code',
  name: 'session.step.name',
  email: 'session.step.email',
  password: 'session.step.password',
};
/** Which step an answer of the server is about. */
const stepOfCode: Readonly<Record<string, Step>> = {
  'invitation-needed': 'invitation',
  'email-taken': 'email',
};

function faultIn(step: Step, value: string, minCharacters: number): TextId | null {
  const typed = value.trim();
  if (step === 'email') return /^\S+@\S+\.\S+$/.test(typed) ? null : 'session.fault.email';
  if (step === 'password') return [...value].length >= minCharacters ? null : 'session.fault.password';
  return typed === '' ? (step === 'name' ? 'session.fault.name' : 'session.fault.code') : null;
}

export interface SignUpStepsProps {
  /** Whether the server asks for a code. */
  needsCode: boolean;
  passwordMinCharacters: number;
  submitLabel: string;
  isPending: boolean;
  error: EngineError | Error | null;
  onDone: (person: Newcomer) => void;
  /** What stands below an address that has an account. */
  signIn: ReactNode;
}

/** Asks a newcomer one thing at a time. */
export function SignUpSteps(props: SignUpStepsProps) {
  const { needsCode, passwordMinCharacters, submitLabel, isPending, error, onDone, signIn } = props;
  const text = useText();
  const say = useErrorText();
  const steps: Step[] = [...(needsCode ? (['invitation'] as const) : []), 'name', 'email', 'password'];
  const [person, setPerson] = useState(nobody);
  const [chosen, setStep] = useState<Step>(steps[0] ?? 'name');
  const [fault, setFault] = useState<TextId | null>(null);
  const [seen, setSeen] = useState<unknown>(null);
  const code = error && 'code' in error ? (error.code ?? '') : '';
  const refused = error !== seen ? stepOfCode[code] : undefined;
  const step = refused && steps.includes(refused) ? refused : chosen;
  const at = steps.indexOf(step);
  const go = (to: Step | undefined) => {
    setSeen(error);
    setFault(null);
    if (to) setStep(to);
  };
  const next = () => {
    const wrong = faultIn(step, person[step], passwordMinCharacters);
    setFault(wrong);
    if (wrong) return;
    if (at < steps.length - 1) return go(steps[at + 1]);
    onDone({ ...person, name: person.name.trim(), email: person.email.trim() });
  };
  const answer = error && error !== seen ? say(error) : null;
  return (
    <Form
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <Stack>
        <Steps at={at} of={steps.length} />
        <h2>{text(titles[step])}</h2>
        {answer && !refused && <Notice tone="danger">{answer}</Notice>}
        <StepField
          key={step}
          step={step}
          person={person}
          minCharacters={passwordMinCharacters}
          error={fault ? text(fault, { min: passwordMinCharacters }) : refused ? answer : null}
          onChange={(value) => {
            setPerson({ ...person, [step]: value });
            go(step);
          }}
        />
        {refused === 'email' && signIn}
        <Row isSpread>
          {at > 0 ? (
            <Button kind="quiet" isDisabled={isPending} onPress={() => go(steps[at - 1])}>
              {text('session.back')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" kind="primary" isPending={isPending}>
            {at < steps.length - 1 ? text('session.next') : submitLabel}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}

function Steps({ at, of }: { at: number; of: number }) {
  const text = useText();
  return (
    <div className={styles.steps} role="status">
      <span className={styles.dots} aria-hidden="true">
        {Array.from({ length: of }, (_, i) => (
          <span key={i} data-done={i <= at} />
        ))}
      </span>
      <span>{text('session.step', { at: at + 1, of })}</span>
    </div>
  );
}

interface StepFieldProps {
  step: Step;
  person: Newcomer;
  minCharacters: number;
  error: string | null;
  onChange: (value: string) => void;
}

function StepField({ step, person, minCharacters, error, onChange }: StepFieldProps) {
  const text = useText();
  const common = { value: person[step], onChange, error, autoFocus: true, isRequired: true } as const;
  if (step === 'name')
    return (
      <TextInput
        {...common}
        label={text('session.name')}
        hint={text('session.name.hint')}
        autoComplete="name"
        maxLength={200}
      />
    );
  if (step === 'email')
    return (
      <EmailField
        value={person.email}
        onChange={onChange}
        error={error}
        autoFocus
        hint={text('session.email.hint')}
      />
    );
  if (step === 'invitation')
    return (
      <TextInput
        {...common}
        label={text('session.code')}
        hint={text('session.code.hint')}
        autoComplete="off"
        spellCheck="false"
        autoCapitalize="none"
        dir="ltr"
      />
    );
  return (
    <>
      {/* Password managers look for the name that belongs to the password. */}
      <input
        className="visually-hidden"
        type="email"
        autoComplete="username"
        value={person.email}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <PasswordField isNew value={person.password} onChange={onChange} error={error} autoFocus />
      <StrengthMeter
        password={person.password}
        known={[person.name, person.email]}
        minCharacters={minCharacters}
      />
    </>
  );
}
