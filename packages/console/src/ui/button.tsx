import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import { Icon, type IconName } from './icon.tsx'
import './button.css'

/** How a button looks: `plain` without a border, `main` once per page at most. */
export type ButtonLook = 'plain' | 'outline' | 'main' | 'danger'

/** A button with a text, and an icon before it. */
export function Button(
  props: Omit<AriaButtonProps, 'className' | 'children'> & {
    readonly look?: ButtonLook
    readonly icon?: IconName
    readonly trailing?: IconName
    readonly className?: string
    readonly children: ReactNode
  },
): ReactNode {
  const { look = 'outline', icon, trailing, className = '', children, ...rest } = props
  return (
    <AriaButton {...rest} className={`button button-${look} ${className}`}>
      {icon === undefined ? null : <Icon name={icon} />}
      <span className="button-text">{children}</span>
      {trailing === undefined ? null : <Icon name={trailing} size={14} />}
    </AriaButton>
  )
}

/** A button that is an icon; its label is read aloud and shown as a tooltip. */
export function IconButton(
  props: Omit<AriaButtonProps, 'className' | 'children' | 'aria-label'> & {
    readonly icon: IconName
    readonly label: string
    readonly className?: string
  },
): ReactNode {
  const { icon, label, className = '', ...rest } = props
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      <AriaButton {...rest} aria-label={label} className={`icon-button ${className}`}>
        <Icon name={icon} />
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  )
}
