import { Button, Notice, type ButtonKind } from '@heirloom/ui';
import type { ReactNode } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

/** The fields of a dialog, why the last try failed, and the two ways out of it. */
export function DialogForm({
  action,
  kind = 'primary',
  isValid = true,
  isPending,
  error,
  say,
  onSubmit,
  onClose,
  children,
}: {
  /** What is done: the words of its button. */
  action: string;
  kind?: ButtonKind;
  isValid?: boolean;
  isPending: boolean;
  error: unknown;
  /** Says an error where its own sentence is not exact enough. */
  say?: (error: unknown) => string | undefined;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const text = useText();
  const sayError = useErrorText();
  return (
    <form
      style={{ display: 'contents' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onSubmit();
      }}
    >
      {children}
      {error !== null && <Notice tone="danger">{say?.(error) ?? sayError(error)}</Notice>}
      <div className="dialog-actions">
        <Button onPress={onClose} isDisabled={isPending}>
          {text('app.cancel')}
        </Button>
        <Button type="submit" kind={kind} isPending={isPending} isDisabled={!isValid}>
          {action}
        </Button>
      </div>
    </form>
  );
}
