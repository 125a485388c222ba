export { createCompany, STREAM_NAMES, type Company } from './company/company.ts'
export type { CompanyOptions, World } from './company/world.ts'
export { writeFiles, type WriteFilesOptions, type WrittenFile } from './files/write-files.ts'
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
