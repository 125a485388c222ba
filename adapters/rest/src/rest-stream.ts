import { parseJsonPath, scalarText, valueAt, type JsonPath, type LosslessJson } from '@caudal/http'
import { invariant, type Disposition } from '@caudal/spec'
import { dispositionOf, keyFields } from './describe/describe-stream.ts'
import type { RestStreamOptions } from './options.ts'
import type { RecordsPage } from './page/records-page.ts'
import { createPaginator } from './paginate/create-paginator.ts'
import type { Paginator } from './paginate/paginator.ts'

/** A stream ready to be read. */
export interface RestStream {
  readonly name: string
  readonly options: RestStreamOptions
  readonly recordsPath: JsonPath
  /** Fields of the primary key; empty: no key. */
  readonly key: readonly JsonPath[]
  readonly disposition: Disposition
  readonly paginator: Paginator
  readonly parent?: RestStream
}

/** Makes a stream ready; `streams` is asked for its parent. */
export function createRestStream(
  name: string,
  streams: Readonly<Record<string, RestStreamOptions>>,
  withoutSecrets: (url: string) => string,
): RestStream {
  const options = streams[name]
  invariant(options !== undefined, `only declared streams are read, and ${name} is not`)
  return {
    name,
    options,
    recordsPath: parseJsonPath(options.records ?? ''),
    key: keyFields(options).map((field) => parseJsonPath(field)),
    disposition: dispositionOf(options),
    paginator: createPaginator(options.paginate ?? { kind: 'none' }, withoutSecrets),
    ...(options.parent === undefined
      ? {}
      : { parent: createRestStream(options.parent.stream, streams, withoutSecrets) }),
  }
}

/** What names a record of a page: its key, or a digest of it where there is none. */
export function identify({ key }: RestStream, page: RecordsPage, index: number): string {
  if (key.length === 0) return page.digest(index)
  const record = page.records[index] as LosslessJson
  return key.map((path) => scalarText(valueAt(record, path)) ?? '').join('\u001f')
}
