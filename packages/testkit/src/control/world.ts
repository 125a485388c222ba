import { Kysely, type Dialect, type Generated } from 'kysely'

/** A control database as its adapter opens it. */
export interface ControlDatabase {
  /** Path or address without a password, for messages. */
  readonly name: string
  readonly dialect: Dialect
  /** Makes a copy that can be put back. @returns where it is. */
  backup(label: string): Promise<string>
}

/** How a suite opens databases of an adapter. */
export interface ControlFactory {
  /** Opens a database of its own for each place, and the same one again for the same place. */
  open(place: string): ControlDatabase
  /** Opens what `backup` returned. */
  openBackup(copy: string): ControlDatabase
}

/** Tables that the suite makes for itself. */
interface ControlTables {
  notes: { id: string; text: string | null; number: number | null }
  tags: { note: string; tag: string; rank: Generated<number> }
}

/** An open database with the suite's tables. */
export interface OpenNotes extends AsyncDisposable {
  readonly control: ControlDatabase
  readonly database: Kysely<ControlTables>
}

/** Opens a place and makes the suite's tables there. */
export async function withNotes(factory: ControlFactory, place: string): Promise<OpenNotes> {
  const opened = opening(factory.open(place))
  await opened.database.schema
    .createTable('notes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('text', 'text')
    .addColumn('number', 'bigint')
    .execute()
  await opened.database.schema
    .createTable('tags')
    .addColumn('note', 'text', (column) => column.notNull().references('notes.id').onDelete('cascade'))
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('rank', 'bigint', (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('tags_key', ['note', 'tag'])
    .execute()
  return opened
}

/** An open control database as Kysely sees it; it is closed at the end of the scope. */
export function opening(control: ControlDatabase): OpenNotes {
  const database = new Kysely<ControlTables>({ dialect: control.dialect })
  return { control, database, [Symbol.asyncDispose]: () => database.destroy() }
}
