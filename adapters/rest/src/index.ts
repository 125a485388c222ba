export { rest } from './rest.ts'
export type {
  AuthOptions,
  ColumnDeclaration,
  CountOptions,
  CursorFormat,
  CursorOptions,
  ErrorBodyRule,
  OAuthGrantOptions,
  PaginateOptions,
  ParentOptions,
  RestOptions,
  RestStreamOptions,
} from './options.ts'
