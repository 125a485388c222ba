import type { JsonObject, JsonValue, NewEvent, ParsedEvent } from '@caudal/spec'
import type { Slice } from './body/split-events.ts'

/** A topic as the collector knows it. */
export interface CollectorTopic {
  readonly topic: string
  readonly parse: (value: JsonValue) => ParsedEvent
}

/** An event that may be appended. */
export interface AdmittedEvent {
  /** Its place among those of the request. */
  readonly index: number
  readonly event: NewEvent
  /** By which it is known when it is sent again. */
  readonly messageId?: string
}

/** An event that is not taken. */
export interface RejectedEvent {
  readonly index: number
  readonly reason: string
}

/** Bytes of the largest event. */
const eventBytesMax = 256 * 1024

/** Characters of the longest message id. */
const messageIdMax = 200

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Looks at the events of a request one by one. */
export function admitEvents(
  topic: CollectorTopic,
  slices: readonly Slice[],
  messageId: string | undefined,
): { readonly admitted: readonly AdmittedEvent[]; readonly rejected: readonly RejectedEvent[] } {
  const admitted: AdmittedEvent[] = []
  const rejected: RejectedEvent[] = []
  for (const [index, slice] of slices.entries()) {
    const found = 'bytes' in slice ? admitEvent(topic, slice.bytes, messageId) : slice.problem
    if (typeof found === 'string') rejected.push({ index, reason: found })
    else admitted.push({ index, ...found })
  }
  return { admitted, rejected }
}

function admitEvent(
  topic: CollectorTopic,
  bytes: Buffer,
  messageId: string | undefined,
): Omit<AdmittedEvent, 'index'> | string {
  if (bytes.byteLength > eventBytesMax)
    return `it has ${bytes.byteLength} bytes; ${eventBytesMax} are allowed`
  const value = parseJson(bytes)
  if (value instanceof Error) return value.message
  const parsed = topic.parse(value)
  if (!parsed.isValid) return parsed.issues.join('; ')
  const id = messageId ?? ownId(value)
  if (id === undefined) return { event: { value: bytes } }
  if (id.length > messageIdMax)
    return `its message id has ${id.length} characters; ${messageIdMax} are allowed`
  return { event: { value: bytes, headers: { id } }, messageId: id }
}

function parseJson(bytes: Buffer): JsonValue | Error {
  try {
    return JSON.parse(decoder.decode(bytes)) as JsonValue
  } catch (error) {
    return new Error(error instanceof SyntaxError ? `it is no JSON: ${error.message}` : 'it is no UTF-8')
  }
}

function ownId(value: JsonValue): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const id = Object.hasOwn(value, 'messageId') ? (value as JsonObject)['messageId'] : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}
