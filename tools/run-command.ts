import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

/** How a command ended, with all it printed in the order it came. */
export interface CommandOutcome {
  readonly code: number
  readonly output: string
}

export interface CommandOptions {
  /** The folder it runs in. */
  readonly cwd: string
  /** Added to the environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** `true` lets it write to our own terminal; `output` is then empty. Default: `false`. */
  readonly isShown?: boolean
  readonly timeoutMs?: number
}

/** The environment in which sources run unbuilt: the tools of `root` first, and its packages entered by their sources. */
export function sourceEnvironment(root: string): Record<string, string> {
  return {
    PATH: [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
    NODE_OPTIONS: '--conditions=@caudal/source',
  }
}

/** Runs a command to its end, without input. A command that cannot be started counts as ended with 127. */
export async function runCommand(
  command: string,
  parameters: readonly string[],
  options: CommandOptions,
): Promise<CommandOutcome> {
  const { promise, resolve } = Promise.withResolvers<CommandOutcome>()
  const chunks: Buffer[] = []
  const shown = options.isShown === true ? 'inherit' : 'pipe'
  const child = spawn(command, parameters, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', shown, shown],
    timeout: options.timeoutMs,
  })
  const collect = (chunk: Buffer): void => void chunks.push(chunk)
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  child.on('error', (error) => resolve({ code: 127, output: error.message }))
  child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }))
  return promise
}
