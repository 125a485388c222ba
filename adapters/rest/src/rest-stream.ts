import { parseJsonPath, scalarText, valueAt, type JsonPath, type LosslessJson } from '@caudal/http'
import type { RestStreamOptions } from './options.ts'
import type { RecordsPage } from './page/records-page.ts'
import { createPaginator, type Paginator } from './paginate/paginator.ts'

/** A stream ready to be read. */
export interface RestStream {
  readonly name: string
  readonly options: RestStreamOptions
  readonly recordsPath: JsonPath
  /** Fields of the primary key; empty: no key. */
  readonly key: readonly JsonPath[]
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
  if (options === undefined) throw new Error(`no stream ${name}`)
  return {
    name,
    options,
    recordsPath: parseJsonPath(options.records ?? ''),
    key: keyFields(options).map((field) => parseJsonPath(field)),
    paginator: createPaginator(options.paginate ?? { kind: 'none' }, withoutSecrets),
    ...(options.parent === undefined
      ? {}
      : { parent: createRestStream(options.parent.stream, streams, withoutSecrets) }),
  }
}

/** The key's fields as a list. */
export function keyFields({ primaryKey = [] }: RestStreamOptions): readonly string[] {
  return typeof primaryKey === 'string' ? [primaryKey] : primaryKey
}

/** What names a record of a page: its key, or a digest of it where there is none. */
export function identify({ key }: RestStream, page: RecordsPage, index: number): string {
  if (key.length === 0) return page.digest(index)
  const record = page.records[index] as LosslessJson
  return key.map((path) => scalarText(valueAt(record, path)) ?? '').join('\u001f')
}
