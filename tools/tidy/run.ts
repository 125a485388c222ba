import { rules } from './rules/index.ts'
import { readWorkspace, type Violation } from './workspace.ts'

/** Every violation of the tidy rules at `root`, as lines that editors link. */
export function tidy(root: string): string[] {
  const workspace = readWorkspace(root)
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule(workspace).map((violation) => format(name, violation)),
  )
}

function format(rule: string, { file, line, message }: Violation): string {
  return `${line === undefined ? file : `${file}:${line}`}  ${rule}  ${message}`
}
