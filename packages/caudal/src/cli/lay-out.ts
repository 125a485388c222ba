import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { release } from './release.ts'

/** What a project can begin with. */
export const templates = ['sales', 'blank'] as const

/** One of {@link templates}. */
export type Template = (typeof templates)[number]

/** Whether there is a template of the name. */
export function isTemplate(name: string): name is Template {
  return (templates as readonly string[]).includes(name)
}

/** The day on which the made-up data of the templates ends. */
const lastDay = Date.UTC(2026, 5, 30)
const dayMs = 86_400_000

/**
 * Writes a template into a folder: with the folder's name as the project's, this release as the one needed, and made-up data that ends less than a week
 * ago, weekdays kept.
 * @returns the files' paths relative to the folder.
 */
export async function layOut(template: Template, folder: string, today: Date): Promise<readonly string[]> {
  const from = fileURLToPath(new URL(`../../templates/${template}/`, import.meta.url))
  const found = await readdir(from, { recursive: true, withFileTypes: true })
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(from, path.join(entry.parentPath, entry.name)))
    .toSorted()
  const weeks = Math.floor((today.getTime() - lastDay) / dayMs / 7)
  for (const file of files) {
    const target = path.join(folder, targetName(file))
    await mkdir(path.dirname(target), { recursive: true })
    const text = await readFile(path.join(from, file), 'utf8')
    await writeFile(target, file.endsWith('.csv') ? moveDays(text, weeks * 7) : fillIn(text, folder))
  }
  for (const empty of ['sources', 'models', 'metrics', 'dashboards'])
    await mkdir(path.join(folder, empty), { recursive: true })
  return files.map(targetName)
}

/** npm publishes no file of the name `.gitignore`. */
function targetName(file: string): string {
  return file === 'gitignore' ? '.gitignore' : file
}

function fillIn(text: string, folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return text
    .replaceAll('my-company', name === '' ? 'my-company' : name)
    .replace('"caudal": "0.0.0"', `"caudal": "^${release}"`)
}

/** Every day of the text, so many days later. */
function moveDays(text: string, days: number): string {
  return text.replaceAll(/\b\d{4}-\d{2}-\d{2}(?=T|,|$)/gm, (day) =>
    new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10),
  )
}
