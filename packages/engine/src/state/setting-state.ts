import type { JsonValue } from '@caudal/spec'
import type { Kysely } from 'kysely'
import type { ControlTables } from './schema.ts'

/** Reads settings made while Caudal runs (not those of `caudal.config.ts`). */
export interface SettingReader {
  get(name: string): Promise<JsonValue | undefined>
}

/** Writes settings. */
export interface SettingWriter {
  set(name: string, value: JsonValue): Promise<void>
  remove(name: string): Promise<void>
}

/** A {@link SettingReader} on the control database. */
export function createSettingReader(database: Kysely<ControlTables>): SettingReader {
  return {
    get: async (name) => {
      const row = await database
        .selectFrom('settings')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst()
      return row === undefined ? undefined : (JSON.parse(row.value) as JsonValue)
    },
  }
}

/** A {@link SettingWriter} on the control database. */
export function createSettingWriter(database: Kysely<ControlTables>): SettingWriter {
  return {
    set: async (name, value) => {
      const values = { value: JSON.stringify(value), updated_at: new Date().toISOString() }
      await database
        .insertInto('settings')
        .values({ name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute()
    },
    remove: async (name) => {
      await database.deleteFrom('settings').where('name', '=', name).execute()
    },
  }
}
