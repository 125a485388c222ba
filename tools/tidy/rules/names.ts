import { basename } from 'node:path'
import type { Rule } from '../workspace.ts'

const named = /\.(ts|tsx|js|mjs|css|md|html|yaml|yml)$/
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/
const customary = /^(README|CONTRIBUTING|SECURITY|CHANGELOG|SPEC)\.md$/

/** Tests of a model stand beside it and are named after it. */
const modelTest = /\/models\/.*\.test\.yaml$/

/** Files are named in `kebab-case`. Data and SQL are named after what they hold. */
export const fileNames: Rule = (workspace) =>
  workspace.paths
    .filter((path) => named.test(path) && !modelTest.test(path) && !path.includes('/fixtures/'))
    .filter((path) => !kebabCase.test(basename(path)) && !customary.test(basename(path)))
    .map((path) => ({ file: path, message: `\`${basename(path)}\` is not kebab-case.` }))
