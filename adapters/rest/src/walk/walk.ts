import type { JsonValue } from '@caudal/spec'
import type { RecordsPage } from '../page/records-page.ts'
import type { JsonObject } from '@caudal/spec'

/** One page of a stream, in the order of the stream. */
export interface WalkedPage {
  readonly page: RecordsPage
  /** Where the page is read again: for those who stop inside it. */
  readonly at: JsonValue
  /** Where reading continues after the page; absent at the end of the stream. */
  readonly next?: JsonValue
  /** Records at the beginning that were delivered before. */
  readonly skip: number
  /** Fields that the parent adds to each record. */
  readonly extra?: JsonObject
}

/** How a stream is walked. */
export interface WalkRequest {
  /** A `next` or `at` of an earlier walk; absent: from the beginning. */
  readonly from?: JsonValue
  /** Query parameters beyond the stream's own: the cursor's. */
  readonly params: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}
