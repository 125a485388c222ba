import {
  refuseSettings,
  unknownSettings,
  type SettingsShape,
  type ShapeOf,
  type TextFormat,
} from '@caudal/spec'
import type { FilesOptions, FileStreamOptions } from './options.ts'

const sourceSettings: ShapeOf<FilesOptions> = { streams: true, headers: true, schedule: true, timeZone: true }

const writtenSettings = {
  decimalSeparator: true,
  thousandsSeparator: true,
  dateFormat: true,
  timestampFormat: true,
} as const satisfies SettingsShape

const textSettings: ShapeOf<TextFormat> = {
  ...writtenSettings,
  delimiter: true,
  quote: true,
  encoding: true,
  header: true,
  nulls: true,
  columns: true,
}

const streamSettings: ShapeOf<FileStreamOptions> = {
  path: true,
  format: true,
  text: textSettings,
  sheet: true,
  columns: true,
  primaryKey: true,
  order: true,
  contract: { columns: true, types: true },
  changed: true,
  deletes: true,
  disposition: true,
  retentionDays: true,
  description: true,
}

/** @throws CaudalError `CAUDAL_SETTING_UNKNOWN`, naming every setting that there is not. */
export function checkOptions(options: FilesOptions): void {
  refuseSettings('files()', [
    ...unknownSettings(options, sourceSettings),
    ...Object.entries(options.streams).flatMap(([name, stream]) => [
      ...unknownSettings(stream, streamSettings, `streams.${name}.`),
      ...Object.entries(stream.text?.columns ?? {}).flatMap(([field, written]) =>
        unknownSettings(written, writtenSettings, `streams.${name}.text.columns.${field}.`),
      ),
    ]),
  ])
}
