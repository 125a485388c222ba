import { areaOf, type Rule } from '../workspace.ts'

/** Packages that are plain data and types: no dependency, no input or output. */
const pure: ReadonlySet<string> = new Set(['spec'])

/** The vocabulary depends on nothing and does no input or output. */
export const vocabulary: Rule = (workspace) => {
  const owners = workspace.packages.filter(({ kind, shortName }) => kind === 'package' && pure.has(shortName))
  return owners.flatMap((owner) => [
    ...Object.keys(owner.manifest.dependencies ?? {}).map((name) => ({
      file: `${owner.folder}/package.json`,
      message: `\`${owner.shortName}\` depends on \`${name}\`; it must depend on nothing.`,
    })),
    ...owner.files.flatMap((file) =>
      file.imports
        .filter(({ specifier, typeOnly }) => specifier.startsWith('node:') && !typeOnly)
        .filter(() => areaOf(owner, file) === 'src')
        .map(({ specifier, line }) => ({
          file: file.path,
          line,
          message: `\`${owner.shortName}\` imports \`${specifier}\`; it does no input or output.`,
        })),
    ),
  ])
}
