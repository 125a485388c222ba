import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Result } from './results.ts'
import { formatValue, type Series } from './series.ts'

const page = path.join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md')
const begin = '<!-- begin: npm run bench -- --docs -->'
const end = '<!-- end -->'

/** Writes the results into the page, between its marks; the text around them is written by hand. */
export async function writeTable(results: readonly Result[]): Promise<void> {
  const text = await readFile(page, 'utf8')
  const [before = ''] = text.split(begin)
  const after = text.split(end)[1] ?? ''
  await writeFile(page, `${before}${begin}\n\n${tableOf(results)}\n${end}${after}`)
}

/** The results as Markdown. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.lines.map((line) => {
      const measured = Object.entries(line.series).map(([name, one]) => `${name} ${formatSeries(one)}`)
      const mark = line.isReached ? '✔' : '✖'
      return `| ${line.work} | ${line.reach} | ${mark} ${line.figure} | ${measured.join('<br>')} |`
    }),
  )
  return [
    '| work | reach | reached | median (least – most) |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...machines(results),
    '',
  ].join('\n')
}

function formatSeries({ unit, median, min, max, samples }: Series): string {
  if (samples.length === 1) return formatValue(median, unit)
  const least = formatValue(min, unit).replace(` ${unit}`, '')
  return `${formatValue(median, unit)} (${least} – ${formatValue(max, unit).replace(` ${unit}`, '')})`
}

function machines(results: readonly Result[]): string[] {
  return results.map(({ name, at, commit, machine, load, rounds }) => {
    const where = `${machine.processor}, ${machine.processors} processors, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}`
    return `- \`${name}\`: ${at.slice(0, 16).replace('T', ' ')} UTC at ${commit}, ${rounds} rounds, load average ${load[0]} before and ${load[1]} after; ${where}.`
  })
}
