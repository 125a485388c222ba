import {
  suggestion,
  unknownKeys,
  type AdapterReference,
  type ErrorReport,
  type ProjectDeclaration,
  type RunHistorySettings,
} from '@caudal/spec'
import path from 'node:path'

const settings = [
  'kind',
  'place',
  'name',
  'targets',
  'defaultTarget',
  'timeZone',
  'locale',
  'currency',
  'alertWebhook',
  'runHistory',
  'packs',
]
const parts = ['warehouse', 'lake', 'log'] as const

/** Everything that is wrong with `caudal.config.ts`, at once. */
export function configProblems(config: ProjectDeclaration, projectPath: string): ErrorReport[] {
  const targets = Object.entries(config.targets)
  const wrong = [
    ...unknownKeys(config, settings, ''),
    ...historyProblems(config.runHistory ?? {}),
    ...targets.flatMap(([name, target]) => [
      ...unknownKeys(target, parts, `targets.${name}.`),
      ...parts.flatMap((part) => referenceProblems(target[part], `targets.${name}.${part}`)),
    ]),
    ...(config.defaultTarget in config.targets
      ? []
      : [
          `defaultTarget is \`${config.defaultTarget}\`; the targets are ${targets.map(([name]) => name).join(', ') || 'none'}.${suggestion(config.defaultTarget, Object.keys(config.targets))}`,
        ]),
    ...refused(
      () => new Intl.DateTimeFormat('en', { timeZone: config.timeZone }),
      'timeZone',
      config.timeZone,
      'Europe/Madrid',
    ),
    ...refused(() => new Intl.NumberFormat(config.locale), 'locale', config.locale, 'es-ES'),
    ...refused(
      () => new Intl.NumberFormat('en', { style: 'currency', currency: config.currency }),
      'currency',
      config.currency,
      'EUR',
    ),
  ]
  const file = path.relative(projectPath, config.place)
  return [
    ...wrong.map((what) => ({
      code: 'CAUDAL_PROJECT_SETTING',
      message: `${file}: ${what}`,
      hint: 'Correct caudal.config.ts; the editor shows the settings that there are.',
      retryable: false,
      context: { place: file },
    })),
    ...sharedPlaces(config, projectPath, file),
  ]
}

function referenceProblems(reference: AdapterReference | undefined, where: string): string[] {
  if (reference === undefined) return where.endsWith('.log') ? [] : [`${where} is missing.`]
  if (typeof reference.module !== 'string')
    return [`${where} is no adapter, such as duckdb({ path }) or folder({ path }).`]
  return (reference.problems ?? []).map((problem) => `${where}.${problem}`)
}

function historyProblems(history: RunHistorySettings): string[] {
  const known = ['days', 'runs'] as const
  return [
    ...unknownKeys(history, known, 'runHistory.'),
    ...known.flatMap((name) => {
      const value = history[name]
      return value === undefined || (Number.isInteger(value) && value >= 1)
        ? []
        : [`runHistory.${name} is \`${String(value)}\`: a whole number from 1 belongs there.`]
    }),
  ]
}

function refused(make: () => unknown, name: string, value: string, example: string): string[] {
  try {
    make()
    return []
  } catch {
    return [`${name} is \`${value}\`, which is not known; for instance ${example}.`]
  }
}

/** `dev` and `prod` never share a warehouse or a lake. */
function sharedPlaces(config: ProjectDeclaration, projectPath: string, file: string): ErrorReport[] {
  const seen = new Map<string, string>()
  const problems: ErrorReport[] = []
  for (const [name, target] of Object.entries(config.targets)) {
    for (const part of parts) {
      const reference: AdapterReference | undefined = target[part]
      if (typeof reference?.module !== 'string') continue
      const key = `${part} ${placeOf(reference, projectPath)}`
      const other = seen.get(key)
      if (other !== undefined) {
        problems.push({
          code: 'CAUDAL_TARGET_SHARED',
          message: `${file}: the targets \`${other}\` and \`${name}\` share one ${part}; what is tried in one would change the other.`,
          hint: `Give \`${name}\` a ${part} of its own.`,
          retryable: false,
          context: { targets: [other, name] },
        })
      }
      seen.set(key, name)
    }
  }
  return problems
}

/** What a target writes to: the file or folder of an embedded one, however its path is written; the whole reference of another. */
function placeOf(reference: AdapterReference, projectPath: string): string {
  const { path: file } = reference.options
  return typeof file === 'string' && file !== ':memory:'
    ? path.resolve(projectPath, file)
    : JSON.stringify(reference)
}
