import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  readFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writeErrorsPage } from '../errors/page.ts'
import { root } from '../root.ts'

/** A small workspace in a temporary folder, checked by the real configuration, in which violations are planted. */
export interface PlantedWorkspace {
  readonly root: string
  /** Puts `content` at `path` while `look` runs, then what was there before. */
  readonly withPlanted: <Result>(
    path: string,
    content: string,
    look: () => Promise<Result>,
  ) => Promise<Result>
  /** Text of a file of the workspace. */
  readonly read: (path: string) => string
  readonly remove: () => void
}

const configuration = [
  '.gitignore',
  'tsconfig.base.json',
  'tsconfig.check.json',
  '.oxlintrc.json',
  '.oxfmtrc.json',
  'knip.json',
]

/** Copies the fixture and the configuration of the project into a new temporary folder. */
export function createPlantedWorkspace(): PlantedWorkspace {
  const copy = mkdtempSync(join(tmpdir(), 'caudal-planted-'))
  cpSync(join(import.meta.dirname, 'fixtures', 'workspace'), copy, { recursive: true })
  for (const name of configuration) cpSync(join(root, name), join(copy, name))
  linkModules(copy)
  writeErrorsPage(copy)
  return {
    root: copy,
    withPlanted: async (path, content, look) => {
      const whole = join(copy, path)
      const before = readIfThere(whole)
      mkdirSync(dirname(whole), { recursive: true })
      writeFileSync(whole, content)
      try {
        return await look()
      } finally {
        if (before === undefined) rmSync(whole)
        else writeFileSync(whole, before)
      }
    },
    read: (path) => readFileSync(join(copy, path), 'utf8'),
    remove: () => rmSync(copy, { recursive: true, force: true }),
  }
}

function linkModules(copy: string): void {
  const modules = join(copy, 'node_modules')
  mkdirSync(join(modules, '@caudal'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@caudal' || name === 'caudal' || name === '.package-lock.json') continue
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  for (const room of ['packages', 'adapters']) {
    for (const name of readdirSync(join(copy, room))) {
      symlinkSync(join(copy, room, name), join(modules, '@caudal', name))
    }
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
