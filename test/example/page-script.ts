/** The fenced blocks of a page: its files, named by their first lines, and its commands. */
export type Block =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'commands'; readonly text: string }

const fence = /^```(?:ts|sql|yaml|sh)\n([^]*?)^```$/gm
const named = /^(?:\/\/|--|#) ([\w./-]+\.(?:ts|sql|yaml))\n/

/** The blocks in order. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(fence)].map(([, text = '']): Block => {
    const path = named.exec(text)?.[1]
    return path === undefined
      ? { kind: 'commands', text }
      : { kind: 'file', path, text: text.slice(text.indexOf('\n') + 1) }
  })
}

/** One script that does what a reader does: writes the files and runs the commands, in order, until one fails. */
export function scriptOf(blocks: readonly Block[]): string {
  const steps = blocks.map((block) =>
    block.kind === 'commands'
      ? block.text
      : `mkdir -p "$(dirname ${block.path})"\ncat > ${block.path} <<'END OF FILE'\n${block.text}END OF FILE\n`,
  )
  return ['set -e', ...steps].join('\n')
}
