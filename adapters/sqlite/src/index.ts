export {
  openControlDatabase,
  type OpenControlDatabaseOptions,
  type SqliteControlDatabase,
} from './control-database.ts'
export { sqliteDialect } from './dialect.ts'
