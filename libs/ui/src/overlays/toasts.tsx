import { X } from 'lucide-react';
import {
  Button,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import buttonStyles from '../buttons/button.module.css';
import styles from './toasts.module.css';

interface ToastText {
  text: string;
  action?: { label: string; onAction: () => void };
}

const queue = new ToastQueue<ToastText>({ maxVisibleToasts: 3 });
const shownMs = 8_000;

/**
 * Tells in passing that something was done, and offers to undo it. What needs a decision is a Dialog or a Notice.
 * @param options.stays - until the person closes it
 */
export function toast(text: string, action?: ToastText['action'], { stays = false } = {}): void {
  queue.add(action ? { text, action } : { text }, stays ? {} : { timeout: shownMs });
}

/** Where toasts appear; once in an app. */
export function Toasts({ label, closeLabel }: { label: string; closeLabel: string }) {
  return (
    <ToastRegion queue={queue} className={styles.region ?? ''} aria-label={label}>
      {({ toast: one }) => (
        <Toast toast={one} className={styles.toast ?? ''}>
          <ToastContent className={styles.text ?? ''}>
            <Text slot="title">{one.content.text}</Text>
          </ToastContent>
          {one.content.action && (
            <Button
              className={buttonStyles.button ?? ''}
              onPress={() => {
                one.content.action?.onAction();
                queue.close(one.key);
              }}
            >
              {one.content.action.label}
            </Button>
          )}
          <Button
            slot="close"
            aria-label={closeLabel}
            className={`${buttonStyles.button ?? ''} ${buttonStyles.icon ?? ''}`}
          >
            <X aria-hidden="true" />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
}
