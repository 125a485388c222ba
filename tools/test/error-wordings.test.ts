import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorsEs } from '../../packages/console/src/i18n/errors-es/index.ts'
import { requiredValues } from '../../packages/console/src/i18n/wording.ts'
import { collectCodes } from '../errors/collect.ts'
import { root } from '../root.ts'
import { readWorkspace } from '../tidy/workspace.ts'

/** Codes of which no page of the console can tell, and why. */
const neverShown: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^CAUDAL_(CLI|ATTACH)_/, 'commands alone meet them'],
  [/^CAUDAL_OWNER_(BUSY|ENDED|GONE|NEEDED|RUNNING|SERVES)$/, 'commands that look for the owner meet them'],
  [/^CAUDAL_(LINEAGE_UNKNOWN|PROJECT_MISSING|REQUEST_LOCAL_ONLY)$/, 'commands alone meet them'],
  [/^CAUDAL_(SERVER_(LISTEN|NOT_LOOPBACK|PORT_BUSY)|SOCKET_FOLDER|CONSOLE_UNKNOWN)$/, 'nothing serves then'],
  [/^CAUDAL_CONTROL_/, 'raised before the console is served'],
  [
    /^CAUDAL_WAREHOUSE_(BACKUP|LOCKED|MIGRATION|NEWER|OPEN|UNREADABLE)$/,
    'raised before the console is served',
  ],
]

const codes = collectCodes(readWorkspace(root))
const shown = [...codes].filter(([code]) => !neverShown.some(([pattern]) => pattern.test(code)))

test('every code that a page of the console can show has its Spanish text, with a mend where it has one', () => {
  const missing = shown.filter(([code]) => errorsEs[code] === undefined).map(([code]) => code)
  assert.deepEqual(missing, [], 'add them in packages/console/src/i18n/errors-es')
  const withoutMend = shown
    .filter(
      ([code, places]) => errorsEs[code]?.hint === undefined && places.some(({ hint }) => Boolean(hint)),
    )
    .map(([code]) => code)
  assert.deepEqual(withoutMend, [], 'they have a hint in English and none in Spanish')
  const known = new Set(shown.map(([code]) => code))
  assert.deepEqual(
    Object.keys(errorsEs).filter((code) => !known.has(code)),
    [],
    'raised nowhere, or never shown',
  )
})

test('a Spanish text needs no value that a place which raises its code does not give', () => {
  const wanting = shown.flatMap(([code, places]) => {
    const wording = errorsEs[code]
    const needed = requiredValues(`${wording?.message ?? ''} ${wording?.hint ?? ''}`)
    return places
      .filter((place) => place.message !== undefined && place.values !== undefined)
      .flatMap(({ file, line, values }) =>
        needed
          .filter((name) => values?.includes(name) === false)
          .map((name) => `${code} needs {${name}}, which ${file}:${line} does not give`),
      )
  })
  assert.deepEqual(wanting, [], 'give the value in `context`, or put the part of the text into brackets')
})
