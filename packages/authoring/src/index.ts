export { defineProject, definePack, env, secretFile, type ProjectOptions } from './project.ts'
export {
  text,
  boolean,
  integer,
  decimal,
  double,
  date,
  time,
  timestamp,
  timestamptz,
  json,
  bytes,
  columns,
  type ColumnBuilder,
  type ColumnRecord,
  type JsonInput,
  type RowOf,
} from './column.ts'
export { defineSource, type SourceOptions, type StreamOptions } from './source.ts'
export type { StreamBatch, StreamReadRequest } from './stream-read.ts'
export {
  collector,
  pipeline,
  type CollectorOptions,
  type Flow,
  type IntoOptions,
  type PipelineOptions,
  type PipelineStart,
  type Topic,
} from './pipeline.ts'
export type { EventSchema } from './event-schema.ts'
export { table, type TableOptions } from './external-table.ts'
export {
  model,
  modelTest,
  type ModelOptions,
  type ModelTestOptions,
  type ModelTestFunction,
} from './model.ts'
export { check, type RuleOptions, type CheckFunction } from './check.ts'
export {
  count,
  countDistinct,
  sum,
  min,
  max,
  average,
  ratio,
  type AggregateOptions,
  type AggregateOf,
  type ColumnAggregate,
  type RowCount,
  type RatioOf,
  type Measure,
} from './aggregate.ts'
export { currency, percent, number, duration } from './format.ts'
export {
  metric,
  dimension,
  type DimensionOptions,
  type JoinOptions,
  type MetricFunction,
  type MetricOptions,
} from './metric.ts'
export {
  tile,
  type Tiles,
  type TileOptions,
  type SplitOptions,
  type CommonDimension,
  type DimensionOf,
} from './tile.ts'
export { dashboard, type DashboardOptions } from './dashboard.ts'
export { authoring, type Authoring } from './authoring.ts'
export type {
  AnyTables,
  ColumnName,
  Decimal,
  Instant,
  Integer,
  LocalDate,
  LocalTime,
  NumericColumn,
  TableName,
  TimeColumn,
  Timestamp,
} from './row-types.ts'
export type { JsonValue } from '@caudal/spec'
