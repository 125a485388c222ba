import { buildConsole } from '../build-console.ts'
import { whenAskedToEnd } from './ending.ts'
import type { ProjectFolder } from './example-folder.ts'
import { openBrowser } from './open-browser.ts'
import { startBoard } from './start-board.ts'

/**
 * Shows the board of a company that sells, until a signal ends it.
 * @param parameters `--no-open` leaves the browser alone.
 * @returns the exit code.
 */
export async function showBoard(
  openFolder: () => Promise<ProjectFolder>,
  parameters: readonly string[],
  note: string,
): Promise<number> {
  const ending = whenAskedToEnd()
  console.log('Making a company, reading it, building its board …')
  try {
    await buildConsole()
    await using folder = await openFolder()
    await using board = await startBoard({ folder: folder.path, records: 40_000, sellEveryMs: 1_000 }, ending)
    console.log(`\n  The board  ${board.url}\n\n${note} Ctrl-C ends everything.`)
    if (!parameters.includes('--no-open')) openBrowser(board.url)
    return await board.ended
  } catch (error) {
    if (ending.aborted) return 0
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
}
