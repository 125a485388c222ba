import type { Rule } from '../workspace.ts'

/** What tools load by their default export. */
const takesDefault = /(^|\/)[a-z-]+(\.config|-reporter)\.(ts|js)$/

/** Exports are named; only configuration files and test reporters, which tools load by their default export, have one. */
export const namedExports: Rule = (workspace) =>
  [...workspace.packages.flatMap((owner) => owner.files), ...workspace.outside]
    .filter((file) => file.hasDefaultExport && !takesDefault.test(file.path))
    .map((file) => ({ file: file.path, message: 'Default export: give it a name.' }))
