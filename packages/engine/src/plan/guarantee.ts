import type { SourceNode, Stage, Warehouse } from '@caudal/spec'

/**
 * The crash tests that hold what plans promise: adapter → warehouse → file of the repository. Each kills the owner while that adapter loads
 * into that warehouse, and compares the rows. What is not here was never killed.
 */
export const crashTests: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  files: { duckdb: 'test/crash/adapters.test.ts' },
  rest: { duckdb: 'test/crash/adapters.test.ts' },
  defineSource: { duckdb: 'test/crash/adapters.test.ts' },
}

/** What a source × destination promises, and the test that proves it. */
export type Guarantee = Pick<
  Extract<Stage, { kind: 'extract' }>,
  'guarantee' | 'adapter' | 'warehouse' | 'protocol' | 'crashTest'
>

/** What the plan says of a source and the warehouse that it is loaded into. */
export function guaranteeOf(
  { adapter, guarantee }: Pick<SourceNode, 'adapter' | 'guarantee'>,
  { name, capabilities }: Pick<Warehouse, 'name' | 'capabilities'>,
): Guarantee {
  const crashTest = crashTests[adapter]?.[name]
  return {
    guarantee,
    adapter,
    warehouse: name,
    protocol: capabilities.protocol,
    ...(crashTest === undefined ? {} : { crashTest }),
  }
}
