import { environmentVariables } from './environment-variables.ts'
import type { CodePlace } from './collect.ts'

/** The page of all error codes, as Markdown. `meanings` adds a sentence to a code. */
export function renderErrors(
  codes: ReadonlyMap<string, readonly CodePlace[]>,
  meanings: Readonly<Record<string, string>>,
): string {
  const areas = Map.groupBy(codes.keys(), areaOf)
  const sections = [...areas].map(([area, names]) => {
    return [
      `## ${area}`,
      ...names.map((name) => renderCode(name, codes.get(name) ?? [], meanings[name])),
    ].join('\n\n')
  })
  return [opening, ...sections, renderEnvironment()].join('\n\n') + '\n'
}

const opening = [
  '# Errors',
  '<!-- Made from the sources by `npm run fix`. Do not edit. -->',
  'Every error that Caudal raises on purpose has a code that stays the same across releases, a message that names what failed, ' +
    'where, the value and the state of the data, and a hint: a command or a setting. `--json` prints all three. ' +
    '`{…}` stands for a part that depends on the case.',
].join('\n\n')

function renderCode(code: string, places: readonly CodePlace[], meaning: string | undefined): string {
  const messages = unique(places.map((place) => place.message))
  const hints = unique(places.map((place) => place.hint))
  const folders = unique(places.map((place) => place.folder))
  const retryable = places.some((place) => place.retryable === 'true')
    ? ' The same call may succeed later.'
    : ''
  return [
    `### ${code}`,
    ...(meaning === undefined ? [] : [meaning]),
    ...messages.map((message) => `> ${oneLine(message)}`),
    ...(hints.length === 0 ? [] : [hints.map((hint) => `- ${oneLine(hint)}`).join('\n')]),
    `Raised by ${folders.map((folder) => `\`${folder}\``).join(', ')}.${retryable}`,
  ].join('\n\n')
}

function renderEnvironment(): string {
  const rows = Object.entries(environmentVariables).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)
  return ['## Environment variables', ['| name | meaning |', '|---|---|', ...rows].join('\n')].join('\n\n')
}

function areaOf(code: string): string {
  return (code.split('_')[1] ?? '').toLowerCase()
}

function unique(texts: readonly (string | undefined)[]): string[] {
  return [
    ...new Set(texts.filter((text) => text !== undefined && text !== '' && text !== 'undefined')),
  ] as string[]
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('<', '\\<')
    .trim()
}
