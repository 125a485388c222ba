import { redactText } from '@caudal/spec'
import type { Output } from './output.ts'

const levels = ['debug', 'info', 'warn', 'error']

/** Writes the log of an owner as lines on standard error: time, level, message, facts. What looks like a secret is taken out. */
export function logTo(
  output: Pick<Output, 'note'>,
  lowest: 'info' | 'warn',
): (level: string, message: string, facts?: Readonly<Record<string, unknown>>) => void {
  return (level, message, facts = {}) => {
    if (levels.indexOf(level) < levels.indexOf(lowest)) return
    const told = Object.entries(facts).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    output.note(redactText([new Date().toISOString(), level, message, ...told].join(' ')))
  }
}
