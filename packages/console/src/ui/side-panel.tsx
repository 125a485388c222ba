import type { ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { usePreferences } from '../i18n/preferences.tsx'
import { IconButton } from './button.tsx'
import './side-panel.css'

/** A panel over the right side of the page, on a phone over all of it; Escape or a click beside it closes it. */
export function SidePanel(props: {
  readonly title: string
  readonly onClose: () => void
  readonly actions?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  const { text } = usePreferences()
  return (
    <ModalOverlay
      className="scrim"
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose()
      }}
    >
      <Modal className="side-panel">
        <Dialog className="side-panel-dialog">
          <header className="side-panel-head">
            <Heading slot="title" level={2}>
              {props.title}
            </Heading>
            <div className="side-panel-actions">
              {props.actions}
              <IconButton icon="close" label={text.app.close} onPress={props.onClose} />
            </div>
          </header>
          {props.children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
