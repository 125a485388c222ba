import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { usePreferences } from '../i18n/preferences.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useControls } from './controls.tsx'
import { choicesOf, toggleChoice, withoutChoices } from './view-edit.ts'

/** The chosen values, each with a way to take it out. */
export function ChoiceChips(): ReactNode {
  const { text, label } = usePreferences()
  const { answer, view, setView } = useControls()
  const choices = choicesOf(view)
  if (choices.length === 0) return null
  return (
    <div className="chips">
      <ul aria-label={text.view.active}>
        {choices.map((choice) => {
          const dimension = answer.dimensions.find(({ name }) => name === choice.dimension)
          const name = dimension === undefined ? choice.dimension : label(dimension.label)
          const value = choice.value ?? text.app.noValue
          return (
            <li key={`${choice.dimension} ${choice.value ?? '~'}`}>
              <AriaButton
                className="chip"
                aria-label={text.view.remove(name, value)}
                onPress={() => setView(toggleChoice(view, choice))}
              >
                <span className="chip-name">{name}:</span> <span className="chip-value cut">{value}</span>
                <Icon name="close" size={12} />
              </AriaButton>
            </li>
          )
        })}
      </ul>
      <Button look="plain" onPress={() => setView(withoutChoices(view))}>
        {text.view.clearAll}
        <kbd>{text.view.escape}</kbd>
      </Button>
    </div>
  )
}
