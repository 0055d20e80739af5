/** A modal box for a step of its own. Never over the machine: the Produce page asks by an `AttachedSheet`. */
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useWords } from '../i18n/provider.tsx'
import { Button, IconButton } from './button.tsx'

export interface DialogProps {
  title: string
  open: boolean
  onClose(): void
  size?: 'normal' | 'wide'
  children: ReactNode
  /** The buttons at the foot; the one that decides last. */
  actions?: ReactNode
}

export function Dialog({ title, open, onClose, size = 'normal', children, actions }: DialogProps) {
  const { say } = useWords()
  return (
    <ModalOverlay className="veil" isOpen={open} onOpenChange={(next) => !next && onClose()} isDismissable>
      <Modal className="dialog-box" data-size={size}>
        <AriaDialog className="dialog">
          <div className="spread">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label={say('control.close')} onPress={onClose}>
              <X size={20} />
            </IconButton>
          </div>
          {children}
          {actions !== undefined && <div className="dialog-actions">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

export interface ConfirmProps {
  title: string
  open: boolean
  onClose(): void
  /** What follows, in words. */
  children: ReactNode
  /** The deed itself, such as “Discard the job”; never “OK”. */
  action: string
  danger?: boolean
  onConfirm(): void | Promise<void>
}

/** Asks once more, in words, before something that can't be undone. */
export function ConfirmDialog({ title, open, onClose, children, action, danger, onConfirm }: ConfirmProps) {
  const { say } = useWords()
  return (
    <Dialog
      title={title}
      open={open}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{say('control.cancel')}</Button>
          <Button
            kind={danger ? 'danger' : 'primary'}
            onPress={async () => {
              await onConfirm()
              onClose()
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      <div>{children}</div>
    </Dialog>
  )
}
