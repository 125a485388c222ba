import { hasFile, type Rule } from '../workspace.ts'

/** Every package says in a `README.md` what it is. */
export const readmes: Rule = (workspace) =>
  workspace.packages
    .filter((owner) => !hasFile(workspace, `${owner.folder}/README.md`))
    .map((owner) => ({ file: `${owner.folder}/README.md`, message: 'The package has no README.md.' }))
