import { CaudalError, type ColumnType } from '@caudal/spec'
import { asyncBufferFromFile, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet'
import type { FieldProfile, FileProfile } from './profile.ts'

/**
 * The columns of a Parquet file by its own metadata.
 * @throws CaudalError `CAUDAL_FILE_PARQUET` when it has none that can be read.
 */
export async function profileParquet(path: string, name: string): Promise<FileProfile> {
  try {
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    return { fields: parquetSchema(metadata).children.map(fieldOf) }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new CaudalError({
      code: 'CAUDAL_FILE_PARQUET',
      message: `${name}: the file is no whole Parquet file (${reason}). Nothing of it was loaded.`,
      hint: 'A transfer that broke off leaves such a file: copy or export it again.',
      context: { file: name, reason },
      cause: thrown,
    })
  }
}

function fieldOf(node: SchemaTree): FieldProfile {
  return {
    field: node.element.name,
    type: node.children.length > 0 ? { kind: 'json' } : typeOf(node.element),
  }
}

function typeOf(element: SchemaTree['element']): ColumnType {
  if (element.repetition_type === 'REPEATED') return { kind: 'json' }
  return logicalType(element) ?? convertedType(element) ?? physicalType(element.type)
}

function logicalType({ logical_type: logical }: SchemaTree['element']): ColumnType | undefined {
  switch (logical?.type) {
    case 'STRING':
    case 'ENUM':
    case 'UUID':
      return { kind: 'text' }
    case 'JSON':
      return { kind: 'json' }
    case 'DATE':
      return { kind: 'date' }
    case 'TIME':
      return { kind: 'time' }
    case 'TIMESTAMP':
      return { kind: logical.isAdjustedToUTC ? 'timestamptz' : 'timestamp' }
    case 'DECIMAL':
      return { kind: 'decimal', precision: logical.precision, scale: logical.scale }
    case 'INTEGER':
      return integerType(logical.bitWidth, logical.isSigned)
    case 'FLOAT16':
      return { kind: 'double' }
    default:
      return undefined
  }
}

function convertedType({
  converted_type: converted,
  precision,
  scale,
}: SchemaTree['element']): ColumnType | undefined {
  switch (converted) {
    case 'UTF8':
    case 'ENUM':
      return { kind: 'text' }
    case 'JSON':
      return { kind: 'json' }
    case 'DATE':
      return { kind: 'date' }
    case 'TIME_MILLIS':
    case 'TIME_MICROS':
      return { kind: 'time' }
    case 'TIMESTAMP_MILLIS':
    case 'TIMESTAMP_MICROS':
      return { kind: 'timestamptz' }
    case 'DECIMAL':
      return { kind: 'decimal', precision: precision ?? 38, scale: scale ?? 0 }
    case 'UINT_64':
      return integerType(64, false)
    default:
      return undefined
  }
}

function physicalType(type: SchemaTree['element']['type']): ColumnType {
  switch (type) {
    case 'BOOLEAN':
      return { kind: 'boolean' }
    case 'INT32':
    case 'INT64':
      return { kind: 'integer' }
    case 'INT96':
      return { kind: 'timestamp' }
    case 'FLOAT':
    case 'DOUBLE':
      return { kind: 'double' }
    default:
      return { kind: 'bytes' }
  }
}

function integerType(bitWidth: number, isSigned: boolean): ColumnType {
  return bitWidth === 64 && !isSigned ? { kind: 'decimal', precision: 38, scale: 0 } : { kind: 'integer' }
}
