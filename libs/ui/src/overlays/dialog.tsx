import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './dialog.module.css';

export interface DialogProps {
  isOpen: boolean;
  /** Called when the person wants to leave it: Escape, a press outside, or a button of theirs. */
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons at its end, the most likely one last. */
  actions?: ReactNode;
  isWide?: boolean;
  /** Something must be decided: a press outside does not close it, and it is announced as urgent. */
  isAlert?: boolean;
}

/** A question or a small task above the page. */
export function Dialog({
  isOpen,
  onClose,
  title,
  children,
  actions,
  isWide = false,
  isAlert = false,
}: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable={!isAlert}
      className={styles.shade ?? ''}
    >
      <Modal className={`${styles.modal ?? ''} ${isWide ? (styles.wide ?? '') : ''}`}>
        <AriaDialog role={isAlert ? 'alertdialog' : 'dialog'} className={styles.dialog ?? ''}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
          {actions && <div className={styles.actions}>{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
