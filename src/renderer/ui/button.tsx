import { LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, TooltipTrigger, Tooltip } from 'react-aria-components'
import type { ButtonProps as AriaButtonProps } from 'react-aria-components'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'isPending'> {
  /** `primary`: the one step that this page is about. `danger`: ends or removes something. */
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  size?: 'normal' | 'large'
  icon?: ReactNode
  /** Its work is under way: it keeps the focus and takes no second press. */
  isPending?: boolean
  children: ReactNode
}

export function Button({ kind = 'plain', size = 'normal', icon, isPending = false, children, onPress, type = 'button', ...props }: ButtonProps) {
  return (
    <AriaButton
      {...props}
      className="button"
      data-kind={kind}
      data-size={size}
      type={isPending ? 'button' : type}
      {...(isPending ? { 'data-busy': true, 'aria-disabled': true } : onPress && { onPress })}
    >
      {isPending ? <LoaderCircle size={size === 'large' ? 22 : 18} className="turning" aria-hidden /> : icon}
      <span>{children}</span>
    </AriaButton>
  )
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** Heard by screen readers and shown as a tip: an icon alone is a riddle. */
  label: string
  kind?: 'plain' | 'quiet'
  children: ReactNode
}

export function IconButton({ label, kind = 'quiet', children, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton {...props} className="button" data-kind={kind} data-icon-only aria-label={label}>
        {children}
      </AriaButton>
      <Tooltip className="tip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  )
}
