import type { RateLimit, RetryPolicy } from '@caudal/http'
import type {
  ColumnType,
  DeletePolicy,
  Disposition,
  JsonObject,
  JsonValue,
  SchemaContract,
  Setting,
} from '@caudal/spec'

/** How the source proves who it is. Each setting is text or a reference such as `env('CRM_TOKEN')`. */
export type AuthOptions =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: Setting; readonly password: Setting }
  /** `scheme`: the word before the token. Default: `Bearer`. */
  | { readonly kind: 'bearer'; readonly token: Setting; readonly scheme?: string }
  /** Exactly one of `header` and `query`: where the key goes, by name. */
  | { readonly kind: 'apiKey'; readonly key: Setting; readonly header?: string; readonly query?: string }
  | OAuthGrantOptions

/** OAuth 2 without a person at hand. */
export interface OAuthGrantOptions {
  readonly kind: 'oauth2'
  readonly grant: 'clientCredentials' | 'refreshToken'
  /** Absolute; may lie on another server than `baseUrl`. */
  readonly tokenUrl: Setting
  readonly clientId: Setting
  readonly clientSecret?: Setting
  /** For the grant `refreshToken`: the first one; its successors are kept encrypted in the control database. */
  readonly refreshToken?: Setting
  readonly scope?: string
  readonly audience?: string
  /** How the client names itself to the token endpoint. Default: `body`. */
  readonly clientAuth?: 'body' | 'header'
  /** Word before the access token. Default: `Bearer`. */
  readonly scheme?: string
}

/** What every way of paging has. */
interface PageSize {
  /** Records asked for per page. Absent: the server's own. */
  readonly limit?: number
  /** The parameter that carries `limit`. Default: `limit`. */
  readonly limitParam?: string
}

/** What ways of paging have that go on until there is nothing more. */
interface Ending {
  /** Where the body says whether there is more; `false` ends. */
  readonly hasMore?: string
  /** Statuses that mean "past the end". */
  readonly endStatus?: readonly number[]
}

/** How a list goes on. Paths are field names joined by dots: `paging.next.after`. */
export type PaginateOptions =
  | (PageSize & { readonly kind: 'none' })
  | (PageSize &
      Ending & {
        readonly kind: 'page'
        /** Default: `page`. */
        readonly param?: string
        /** Number of the first page. Default: 1. */
        readonly start?: number
        /** Where the body says how many pages there are: spares requests past the end. */
        readonly pages?: string
        /** Pages asked for at once. Default: 8. */
        readonly readAhead?: number
      })
  | (PageSize &
      Ending & {
        readonly kind: 'offset'
        /** Default: `offset`. */
        readonly param?: string
        /** Where the body says how many records there are: spares requests past the end. */
        readonly total?: string
        /** Records that each page shares with the one before: by them a list that shifts while it is read is noticed. Default: 1. */
        readonly overlap?: number
        /** Pages asked for at once. Default: 8. */
        readonly readAhead?: number
      })
  /** `path`: where the body holds the next page's token; `param` sends it. */
  | (PageSize & {
      readonly kind: 'cursor'
      readonly path: string
      readonly param: string
      readonly hasMore?: string
    })
  /** `path`: where the body holds the next page's address. */
  | (PageSize & { readonly kind: 'next'; readonly path: string; readonly hasMore?: string })
  /** The `Link` header. `relation` defaults to `next`. */
  | (PageSize & { readonly kind: 'link'; readonly relation?: string })
  /** Each page asks for what follows the last record's `field`. */
  | (PageSize & Ending & { readonly kind: 'keyset'; readonly field: string; readonly param: string })

/** How cursor values are written in the parameter. */
export const cursorFormats = [
  'iso',
  'date',
  'epoch seconds',
  'epoch milliseconds',
  'integer',
  'text',
] as const

/** One of {@link cursorFormats}. */
export type CursorFormat = (typeof cursorFormats)[number]

/** How to ask only for what changed. */
export interface CursorOptions {
  /** Where a record holds the value, for instance `updated_at`. */
  readonly field: string
  /** The parameter that asks for records from a value on. */
  readonly param: string
  /** Default: `iso`: as the records write it. */
  readonly format?: CursorFormat
  /** Each read goes back so far before the newest value seen, for sources whose lists lag behind. Default: 0. */
  readonly lagSeconds?: number
  /** Value of the parameter in the first read. Absent: the parameter is left out. */
  readonly start?: string
}

/** A child stream: read once for every record of its parent. `path` and `params` name the parent's fields: `deals/{id}/notes`. */
export interface ParentOptions {
  readonly stream: string
  /** Fields of the parent put into each record: `['id']` becomes `deals_id`; `{ deal_id: 'id' }` names it. */
  readonly include?: readonly string[] | Readonly<Record<string, string>>
}

/** How many records a stream has now. */
export interface CountOptions {
  /** Default: the stream's own path, asked for one record. */
  readonly path?: string
  /** Where the body holds the number. */
  readonly field?: string
  /** The header that holds it. */
  readonly header?: string
  readonly params?: Readonly<Record<string, string | number | boolean>>
}

/** A declared column, as `text()`, `decimal(18, 2)` and their like make it. */
export interface ColumnDeclaration {
  readonly type: ColumnType
  readonly nullable?: boolean
  readonly description?: string | undefined
}

/** A list of records. */
export interface RestStreamOptions {
  /** Below `baseUrl`. */
  readonly path: string
  /** Default: `GET`. With `POST`, parameters go into the JSON body. */
  readonly method?: 'GET' | 'POST'
  readonly body?: JsonObject
  readonly params?: Readonly<Record<string, string | number | boolean>>
  readonly headers?: Readonly<Record<string, string>>
  /** Where the body holds the records: `data`, `result.items`, `groups.*.items`. Default: the root. */
  readonly records?: string | readonly string[]
  /** A body without the records' field is an empty page. Default: `false`: it is an error. */
  readonly recordsMayBeMissing?: boolean
  /** Default: one page. */
  readonly paginate?: PaginateOptions
  readonly primaryKey?: string | readonly string[]
  /** The field whose larger value is newer. Default: the cursor's. */
  readonly order?: string
  readonly cursor?: CursorOptions
  /** By field. Absent: sampled from the first pages. */
  readonly columns?: Readonly<Record<string, ColumnDeclaration>>
  readonly parent?: ParentOptions
  /** Default: `merge` with cursor and key, `append` with a cursor alone, `replace` without cursor. */
  readonly disposition?: Disposition
  /** Default: `soft flag` with `deleted`, `full re-sync` (of a history `key sweep`) without cursor, else `none`. */
  readonly deletes?: DeletePolicy
  /** Marks a record as deleted: `field` equals `equals`, or holds anything but null, false and nothing. */
  readonly deleted?: { readonly field: string; readonly equals?: string | number | boolean }
  readonly contract?: Partial<SchemaContract>
  readonly retentionDays?: number
  readonly count?: CountOptions
  readonly description?: string
}

/** A body that is an error although its status is 200. */
export interface ErrorBodyRule {
  /** Where to look: any value but null, false, nothing and an empty list is an error, or the value `equals`. */
  readonly field: string
  readonly equals?: JsonValue
  /** Where the reason stands. Default: `field`. */
  readonly message?: string
  /** Reasons that pass: the call is tried again. */
  readonly retryWhen?: readonly string[]
}

/** A REST source. */
export interface RestOptions {
  readonly baseUrl: Setting
  readonly auth?: AuthOptions
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, Setting>>
  /** Query parameters of each request. */
  readonly params?: Readonly<Record<string, Setting | number | boolean>>
  /** Further servers that links may lead to, as origins: `https://eu.example.com`. */
  readonly origins?: readonly string[]
  /** `every 15 minutes` or a cron expression. */
  readonly schedule?: string
  /** IANA zone of a cron schedule. */
  readonly timeZone?: string
  readonly rateLimit?: RateLimit
  readonly retry?: Partial<RetryPolicy>
  /** Time without any byte after which an attempt is given up. Default: 60,000. */
  readonly timeoutMs?: number
  /** Default: 256 MiB. */
  readonly bodyBytesMax?: number
  /** Streams read at once. Default: 4. */
  readonly concurrency?: number
  readonly errorBody?: ErrorBodyRule
  /** What `caudal source check` asks: whose token it is, and its scopes. */
  readonly account?: { readonly path: string; readonly field?: string; readonly scopes?: string }
  readonly streams: Readonly<Record<string, RestStreamOptions>>
}
