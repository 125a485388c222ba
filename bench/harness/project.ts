import { cp, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../../tools/root.ts'
import { timeCommand, type Timed } from './command.ts'

/** A project of its own for a benchmark, and the command line on it. */
export interface BenchProject {
  readonly path: string
  /** Runs `caudal`. */
  caudal(...parameters: string[]): Promise<Timed>
  /** Forgets everything that was loaded. */
  empty(): Promise<void>
}

/** Where the command line is: in the sources, or in the package that `npm run build` made. */
export const commandLine: string = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')

/** Copies a project of `bench/projects` to a folder. */
export async function createProject(
  name: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<BenchProject> {
  await cp(path.join(import.meta.dirname, '..', 'projects', name), folder, { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  return {
    path: folder,
    caudal: (...parameters) =>
      timeCommand(process.execPath, [commandLine, ...parameters], { cwd: folder, environment }),
    empty: async () => {
      await rm(path.join(folder, 'data'), { recursive: true, force: true })
      await rm(path.join(folder, '.caudal'), { recursive: true, force: true })
    },
  }
}
