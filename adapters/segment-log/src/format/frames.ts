import type { LogEvent, NewEvent } from '@caudal/spec'

/** Bytes before the key, headers and value of an event: their lengths. */
const frameHeaderBytes = 8

/** The largest key and the largest headers, in bytes. */
export const keyBytesMax = 0xfffe
export const headersBytesMax = 0xffff

/** Events of one partition as they lie in a block. */
export interface Frames {
  readonly partition: number
  readonly events: number
  readonly bytes: Uint8Array
}

/** The parts of an event as they are written. */
export interface EventParts {
  readonly key: Uint8Array | undefined
  readonly headers: Uint8Array | undefined
  readonly value: Uint8Array
  /** What the event takes in a block. */
  readonly bytes: number
}

/**
 * Writes events one after the other. Each is `u32` bytes of the value, `u16` bytes of the key plus one (0: no key), `u16` bytes of the
 * headers (JSON), then key, headers and value; little endian.
 */
export function encodeFrames(events: readonly EventParts[]): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(events.reduce((sum, event) => sum + event.bytes, 0))
  let at = 0
  for (const { key, headers, value } of events) {
    at = bytes.writeUInt32LE(value.byteLength, at)
    at = bytes.writeUInt16LE(key === undefined ? 0 : key.byteLength + 1, at)
    at = bytes.writeUInt16LE(headers?.byteLength ?? 0, at)
    for (const part of [key, headers, value]) {
      if (part === undefined) continue
      bytes.set(part, at)
      at += part.byteLength
    }
  }
  return bytes
}

/** Reads events from `skip` on. Keys and values share memory with `bytes`. */
export function decodeFrames(
  bytes: Buffer,
  events: number,
  first: number,
  appendedAt: number,
  skip: number,
): LogEvent[] {
  const decoded: LogEvent[] = []
  let at = 0
  for (let index = 0; index < events; index++) {
    const valueBytes = bytes.readUInt32LE(at)
    const keyField = bytes.readUInt16LE(at + 4)
    const headersBytes = bytes.readUInt16LE(at + 6)
    const key = at + frameHeaderBytes
    const headers = key + Math.max(0, keyField - 1)
    const value = headers + headersBytes
    at = value + valueBytes
    if (index < skip) continue
    decoded.push({
      offset: first + index,
      appendedAt,
      ...(keyField === 0 ? {} : { key: bytes.subarray(key, headers) }),
      ...(headersBytes === 0
        ? {}
        : { headers: JSON.parse(bytes.toString('utf8', headers, value)) as Record<string, string> }),
      value: bytes.subarray(value, at),
    })
  }
  return decoded
}

/** The parts of an event. */
export function partsOf({ key, headers: given, value }: NewEvent): EventParts {
  const isBare = given === undefined || Object.keys(given).length === 0
  const headers = isBare ? undefined : Buffer.from(JSON.stringify(given))
  const bytes = frameHeaderBytes + (key?.byteLength ?? 0) + (headers?.byteLength ?? 0) + value.byteLength
  return { key, headers, value, bytes }
}
