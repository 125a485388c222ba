/** A TypeScript example in a page or a doc comment. */
export interface Example {
  /** The page or source file that holds it, relative to the root. */
  readonly origin: string
  /** The line of `origin` on which its code begins, counted from 1. */
  readonly line: number
  /** The path that its first line names (`// sources/crm.ts`), if it does: other examples of the page may import it. */
  readonly path: string | undefined
  readonly code: string
}

const fence = /^(?<lead>\s*(?:\*\s?)?)```(?<language>\w*)\s*$/
const namedPath = /^\/\/ (?<path>[\w./-]+\.tsx?)(?=$|[\s:])/

/** The `ts` and `typescript` blocks of a Markdown page, or of the doc comments of a source file. */
export function extractExamples(origin: string, text: string): Example[] {
  const examples: Example[] = []
  let open: { language: string; line: number; lead: string; code: string[] } | undefined
  for (const [at, content] of text.split('\n').entries()) {
    const found = fence.exec(content)?.groups
    if (found === undefined) {
      open?.code.push(withoutLead(content, open.lead))
      continue
    }
    if (open === undefined) {
      open = { language: found['language'] ?? '', line: at + 2, lead: found['lead'] ?? '', code: [] }
      continue
    }
    if (/^(ts|typescript)$/.test(open.language)) {
      const path = namedPath.exec(open.code[0] ?? '')?.groups?.['path']
      examples.push({ origin, line: open.line, path, code: unstar(open.code).join('\n') })
    }
    open = undefined
  }
  return examples
}

/** A line of a doc comment without what stands before its text; an empty one is the bare star. */
function withoutLead(line: string, lead: string): string {
  if (line === lead.trimEnd()) return ''
  return line.startsWith(lead) ? line.slice(lead.length) : line.trimStart()
}

function unstar(lines: readonly string[]): string[] {
  const isStarred = lines.every((line) => line === '' || line === '*' || line.startsWith('* '))
  return lines.map((line) => (isStarred ? line.slice(2) : line))
}
