import { cp, mkdir, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../../tools/root.ts'
import { timeCommand, type Timed } from './command.ts'

/** A project of its own for a benchmark, and the command line on it. */
export interface BenchProject {
  readonly path: string
  /** Variables that its commands get. */
  readonly environment: Readonly<Record<string, string>>
  /** Runs `caudal`. */
  caudal(...parameters: string[]): Promise<Timed>
  /** Forgets everything that was loaded. */
  empty(): Promise<void>
}

/** The package as users install it: what `npm run build` made. */
const installed = path.join(root, 'build', 'caudal')

/** The command line of that package. */
export const commandLine: string = path.join(installed, 'bin', 'caudal.js')

/** Copies a project of `bench/projects` to a folder, with the built package installed. */
export async function createProject(
  name: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<BenchProject> {
  await cp(path.join(import.meta.dirname, '..', 'projects', name), folder, { recursive: true })
  await mkdir(path.join(folder, 'node_modules'))
  await symlink(installed, path.join(folder, 'node_modules', 'caudal'))
  return {
    path: folder,
    environment,
    caudal: (...parameters) =>
      timeCommand(process.execPath, [commandLine, ...parameters], {
        cwd: folder,
        environment: { NODE_OPTIONS: '', ...environment },
      }),
    empty: async () => {
      await rm(path.join(folder, 'data'), { recursive: true, force: true })
      await rm(path.join(folder, '.caudal'), { recursive: true, force: true })
    },
  }
}
