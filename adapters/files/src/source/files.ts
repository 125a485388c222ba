import { isSecretReference, type Setting, type SourceDefinition } from '@caudal/spec'
import { checkOptions } from './check-options.ts'
import { declarationOf, pathsOf } from './declaration.ts'
import { FilesSource } from './files-source.ts'
import type { FilesOptions } from './options.ts'

/**
 * Files as a source. Each stream reads the files that its path names, in order of their names; each file goes into the lake byte for byte
 * and is read there by the warehouse. A file that was loaded is not loaded twice.
 *
 * Defaults of a stream: with a primary key rows are merged by it; without one each file's rows are added, and a file that changed takes the
 * place of its earlier rows.
 *
 * @example
 * ```ts
 * import { files } from 'caudal'
 * export const exports = files({
 *   streams: {
 *     deals: { path: 'data/deals-*.csv', primaryKey: ['id'] },
 *     targets: { path: 'data/objetivos.csv', text: { delimiter: ';', decimalSeparator: ',', dateFormat: '%d/%m/%Y' } },
 *   },
 * })
 * ```
 * @throws CaudalError `CAUDAL_SETTING_UNKNOWN`.
 */
export function files(options: FilesOptions): SourceDefinition {
  checkOptions(options)
  const settings: Setting[] = Object.values(options.headers ?? {})
  for (const stream of Object.values(options.streams)) settings.push(...pathsOf(stream))
  return {
    kind: 'source',
    adapter: 'files',
    ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    streams: Object.fromEntries(
      Object.entries(options.streams).map(([name, stream]) => [name, declarationOf(stream)]),
    ),
    secrets: settings.filter((setting) => isSecretReference(setting)),
    describe: Object.fromEntries(
      Object.entries(options.streams).map(([name, stream]) => [
        name,
        pathsOf(stream).map((path) => (isSecretReference(path) ? `${path.kind} ${path.name}` : path)),
      ]),
    ),
    create: () => new FilesSource(options),
  }
}
