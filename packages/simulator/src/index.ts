export { createCompany, STREAM_NAMES, type Company } from './company/company.ts'
export type { CompanyOptions, World } from './company/world.ts'
export { csvLines } from './files/csv.ts'
export { writeFiles, type WriteFilesOptions, type WrittenFile } from './files/write-files.ts'
export { FAULT_KINDS, type Fault, type FaultKind } from './serve/faults.ts'
export type { Change } from './serve/market.ts'
export type { OAuthOptions } from './serve/oauth.ts'
export { PAGING_STYLES, type PagingStyle } from './serve/pages.ts'
export type { RateLimit } from './serve/rate-limit.ts'
export type { SellOptions, ServeOptions } from './serve/options.ts'
export { serveCompany, type CompanyServer } from './serve/serve-company.ts'
export { SERVED_STREAMS, type ServedStream } from './serve/stores.ts'
export { totals, totalsOf, totalsOfCompany } from './totals.ts'
export type { Amounts, SdrTotals, Totals, TotalsInput } from './totals.ts'
export type {
  AccountRow,
  ActivityRow,
  DealRow,
  DealStageRow,
  EmailEventRow,
  EmailRow,
  LeadRow,
  LeadStatus,
  NoteRow,
  PersonRow,
  Rows,
  SdrRow,
  Stage,
  StreamName,
  TeamRow,
  UsageRow,
} from './rows.ts'
