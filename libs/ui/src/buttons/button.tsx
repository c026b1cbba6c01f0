import type { ReactNode } from 'react';
import { Button as AriaButton, Link as AriaLink, ProgressBar, type PressEvent } from 'react-aria-components';
import { Spinner } from '../feedback/spinner.tsx';
import styles from './button.module.css';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps {
  kind?: ButtonKind;
  type?: 'button' | 'submit';
  children: ReactNode;
  /** Work is under way: the button shows it and takes no more presses. */
  isPending?: boolean;
  isDisabled?: boolean;
  /** For helpers of tests and for labels elsewhere. */
  id?: string;
  autoFocus?: boolean;
  onPress?: (event: PressEvent) => void;
  slot?: string;
}

const classOf = (kind: ButtonKind, icon = false) =>
  [styles.button, styles[kind], icon ? styles.icon : ''].filter(Boolean).join(' ');

/** A button with words. */
export function Button({ kind = 'secondary', children, isPending = false, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} isPending={isPending} className={classOf(kind)}>
      {isPending && (
        <ProgressBar isIndeterminate aria-label="…">
          <Spinner />
        </ProgressBar>
      )}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  /** What screen readers say, and what the tooltip shows. */
  label: string;
  icon: ReactNode;
  isPressed?: boolean;
  hasPopup?: boolean;
}

/** A round button with a picture and a name for those who do not see it. */
export function IconButton({
  kind = 'quiet',
  label,
  icon,
  isPressed,
  isPending = false,
  hasPopup,
  ...rest
}: IconButtonProps) {
  return (
    <AriaButton
      {...rest}
      isPending={isPending}
      aria-label={label}
      aria-pressed={isPressed}
      aria-haspopup={hasPopup ? 'menu' : undefined}
      className={classOf(kind, true)}
    >
      {isPending ? <Spinner /> : icon}
    </AriaButton>
  );
}

/** A link that looks like a button. `href` stays within the app; its router takes it. */
export function ButtonLink({
  kind = 'secondary',
  href,
  children,
  onPress,
}: {
  kind?: ButtonKind;
  href: string;
  children: ReactNode;
  onPress?: () => void;
}) {
  return (
    <AriaLink href={href} className={classOf(kind)} {...(onPress ? { onPress } : {})}>
      {children}
    </AriaLink>
  );
}
