import {
  isSecretReference,
  normaliseName,
  refuseSettings,
  unknownSettings,
  type Setting,
  type ShapeOf,
  type SourceDefinition,
  type StreamDescription,
} from '@caudal/spec'
import { columns, type ColumnRecord, type RowOf } from './column.ts'
import { DefinedSource, type DefinedStream } from './defined-source.ts'
import type { NoNames } from './row-types.ts'
import type { StreamBatch, StreamReadRequest } from './stream-read.ts'

/** A stream of a source. */
export interface StreamOptions<Columns extends ColumnRecord, Settings> extends Partial<
  Pick<StreamDescription, 'deletes' | 'disposition' | 'retentionDays' | 'lagSeconds' | 'description'>
> {
  readonly columns: Columns
  readonly primaryKey?: readonly (keyof Columns & string)[]
  /** The column whose larger value is newer. Default: `cursor`. */
  readonly order?: keyof Columns & string
  /** The column by which the source can be asked for what changed. */
  readonly cursor?: keyof Columns & string
  readonly contract?: Partial<StreamDescription['contract']>
  /**
   * Yields arrays of rows, or {@link StreamBatch}es. A read that began without a position, yields none and returns has delivered everything:
   * it is a complete snapshot.
   */
  read(
    request: StreamReadRequest<Settings>,
  ): AsyncIterable<readonly RowOf<Columns>[] | StreamBatch<RowOf<Columns>>>
  /** How many live records the stream has, for the reconciliation; `undefined` when the source does not know. */
  count?(request: Omit<StreamReadRequest<Settings>, 'position' | 'full'>): Promise<number | undefined>
}

/** Options of {@link defineSource}. */
export interface SourceOptions<
  Streams extends Readonly<Record<string, ColumnRecord>>,
  Settings extends Readonly<Record<string, Setting>>,
> {
  /** Texts and secrets (`env('TOKEN')`, `secretFile('token.txt')`), handed to `read` resolved. */
  readonly settings?: Settings
  /** `every 15 minutes` or a cron expression. */
  readonly schedule?: string
  /** IANA zone of a cron schedule. Default: the project's. */
  readonly timeZone?: string
  readonly streams: { readonly [Stream in keyof Streams]: StreamOptions<Streams[Stream], Settings> }
}

const sourceSettings: ShapeOf<SourceOptions<Record<string, ColumnRecord>, Record<string, Setting>>> = {
  settings: true,
  schedule: true,
  timeZone: true,
  streams: true,
}
const streamSettings: ShapeOf<StreamOptions<ColumnRecord, Record<string, string>>> = {
  columns: true,
  primaryKey: true,
  order: true,
  cursor: true,
  contract: { columns: true, types: true },
  disposition: true,
  deletes: true,
  retentionDays: true,
  lagSeconds: true,
  description: true,
  read: true,
  count: true,
}

/**
 * A source of one's own. Defaults of a stream: with a primary key rows are merged by it, without one each complete read replaces the table;
 * deletions are not seen; new columns and wider types are accepted.
 * @throws CaudalError `CAUDAL_SETTING_UNKNOWN`; `CAUDAL_NAME_COLLISION` when two fields of a stream become one column.
 */
export function defineSource<
  const Streams extends Readonly<Record<string, ColumnRecord>>,
  const Settings extends Readonly<Record<string, Setting>> = NoNames,
>(options: SourceOptions<Streams, Settings>): SourceDefinition {
  refuseSettings('defineSource()', [
    ...unknownSettings(options, sourceSettings),
    ...Object.entries<object>(options.streams).flatMap(([name, stream]) =>
      unknownSettings(stream, streamSettings, `streams.${name}.`),
    ),
  ])
  const streams = Object.entries<StreamOptions<ColumnRecord, Record<string, string>>>(options.streams).map(
    ([name, stream]): DefinedStream => ({
      description: describeStream(name, stream),
      read: (request) => stream.read(request),
      ...(stream.count === undefined ? {} : { count: (request) => stream.count?.(request) }),
    }),
  )
  const settings: Readonly<Record<string, Setting>> = options.settings ?? {}
  return {
    kind: 'source',
    adapter: 'defineSource',
    ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    streams: Object.fromEntries(streams.map(({ description: { name, ...rest } }) => [name, rest])),
    secrets: Object.values(settings).filter((setting) => isSecretReference(setting)),
    describe: Object.fromEntries(
      Object.entries(settings).flatMap(([name, setting]) =>
        typeof setting === 'string' ? [[name, setting]] : [],
      ),
    ),
    create: () => new DefinedSource(streams, settings),
  }
}

function describeStream<Settings>(
  name: string,
  stream: StreamOptions<ColumnRecord, Settings>,
): StreamDescription {
  const { primaryKey = [], order = stream.cursor, cursor, contract } = stream
  return {
    name,
    columns: columns(stream.columns),
    isTyped: true,
    primaryKey: primaryKey.map(normaliseName),
    ...(order === undefined ? {} : { order: normaliseName(order) }),
    ...(cursor === undefined ? {} : { cursor: normaliseName(cursor) }),
    disposition: stream.disposition ?? (primaryKey.length > 0 ? 'merge' : 'replace'),
    deletes: stream.deletes ?? 'none',
    contract: { columns: 'evolve', types: 'evolve', ...contract },
    ...(stream.retentionDays === undefined ? {} : { retentionDays: stream.retentionDays }),
    ...(stream.lagSeconds === undefined ? {} : { lagSeconds: stream.lagSeconds }),
    ...(stream.description === undefined ? {} : { description: stream.description }),
  }
}
