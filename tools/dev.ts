import { emptyExample } from './demo/example-folder.ts'
import { showBoard } from './demo/show-board.ts'

/** `npm run dev [-- --no-open]`: the demo on `examples/sales` itself, so that what is edited there is on the board at once. */
export async function main(parameters: readonly string[]): Promise<number> {
  return showBoard(emptyExample, parameters, 'What you change in examples/sales is loaded at once.')
}
