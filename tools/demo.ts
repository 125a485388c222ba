import { copyExample } from './demo/example-folder.ts'
import { showBoard } from './demo/show-board.ts'

/** `npm run demo [-- --no-open]`: a pretend company that keeps selling, and its board; nothing of it stays. */
export async function main(parameters: readonly string[]): Promise<number> {
  return showBoard(() => copyExample('demo'), parameters, 'It moves by itself as the company sells.')
}
