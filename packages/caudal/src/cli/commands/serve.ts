import type { Command } from '../command.ts'
import { serveUntilStopped, servingOptions } from '../serving.ts'

/** `caudal serve`: the console and the schedules, until it is stopped. */
export const serve: Command = {
  usage: '[--port n] [--open]',
  options: servingOptions,
  run: (context) => serveUntilStopped(context, 'serve', async () => {}),
}
