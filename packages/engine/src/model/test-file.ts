import { type ErrorReport, type JsonObject, type JsonValue, type ModelTestNode } from '@caudal/spec'
import { z } from 'zod'
import { formatPlace, type TextOrigin } from './problem.ts'
import { modelNameOf } from './model-name.ts'
import { readSettings, strictSettings } from './yaml-settings.ts'

const json: z.ZodType<JsonValue> = z.json()
const rows: z.ZodType<readonly JsonObject[]> = z.array(z.record(z.string(), json), {
  error: 'A list of rows is needed: - { id: 1, amount: 10.00 }',
})

const testFile = z.record(
  z.string(),
  strictSettings({
    given: z
      .record(z.string(), z.union([rows, z.null()], { error: 'A list of rows is needed: - { id: 1 }' }))
      .default({}),
    expect: z.union([rows, z.null()], { error: 'A list of rows is needed: - { id: 1 }' }),
    parameters: z.record(z.string(), json).optional(),
  }),
)

/** The tests of a file, and what is wrong with it. */
export interface TestFile {
  readonly tests: readonly ModelTestNode[]
  readonly problems: readonly ErrorReport[]
}

/**
 * Tests of a model, beside it in `<model>.test.yaml`: name of the test → `given` (table → rows), `expect` (rows) and `parameters`.
 * Numbers keep every digit.
 */
export function readTestFile(path: string, text: string): TestFile {
  const model = modelNameOf(path)
  if (typeof model !== 'string') return { tests: [], problems: [model] }
  const origin: TextOrigin = { file: path, firstLine: 1 }
  const { value, problems, place } = readSettings(text, testFile, origin, 'CAUDAL_MODEL_TEST', true)
  const tests = Object.entries(value ?? {}).map(([name, test]) => ({
    name: `${model}: ${name}`,
    model,
    given: Object.fromEntries(Object.entries(test.given).map(([table, given]) => [table, given ?? []])),
    expect: test.expect ?? [],
    ...(test.parameters === undefined ? {} : { parameters: test.parameters }),
    place: formatPlace(origin, place([name], 'key')),
  }))
  return { tests, problems }
}
