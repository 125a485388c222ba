import type { TextFormat } from '@caudal/spec'

/** An encoding that text files are read in. */
export type Encoding = NonNullable<TextFormat['encoding']>

/** Turns bytes into text, chunk by chunk. */
export type Decoder = InstanceType<typeof TextDecoder>

/** Encoding of a text by its byte order mark, else as declared, else UTF-8. */
export function encodingOf(head: Uint8Array, declared: TextFormat['encoding']): Encoding {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return 'utf-16'
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  return declared ?? 'utf-8'
}

/** A decoder for the bytes of a text that begins with `head`. It drops the byte order mark. */
export function decoderOf(head: Uint8Array, encoding: Encoding): Decoder {
  if (encoding !== 'utf-16') return new TextDecoder(encoding)
  return new TextDecoder(head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-16le')
}

/** Whether the bytes are UTF-16 without a mark: half of them are zero. */
export function looksLikeUtf16(head: Uint8Array): boolean {
  const seen = head.subarray(0, 1024)
  return seen.length > 3 && seen.filter((byte) => byte === 0).length > seen.length / 4
}

/** Bytes at the end of a chunk of UTF-8 that begin a character. */
export function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return back < length ? back : 0
    }
  }
  return 0
}
