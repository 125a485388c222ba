import { existsSync } from 'node:fs'
import { runCommand } from './run-command.ts'
import { root } from './root.ts'

const chromiumPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The Chromium of this machine. */
export function findChromium(): string | undefined {
  return chromiumPaths.find((path) => existsSync(path))
}

/**
 * Provides what the tests need of the machine: a Chromium, from Debian's packages when this user may install them.
 * @returns what could not be had, with the mend.
 */
export async function provision(): Promise<string[]> {
  if (findChromium() !== undefined) return []
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('installing Chromium from the packages of the system …')
    await runCommand('apt-get', ['update', '-qq'], { cwd: root, timeoutMs: 300_000 })
    await runCommand('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      cwd: root,
      environment: { DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: 600_000,
    })
    if (findChromium() !== undefined) return []
  }
  return ['Chromium: install it (Debian: apt-get install chromium) to run the browser tests']
}
