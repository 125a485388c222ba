import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'
import { CaudalError } from '@caudal/spec'
import { explainBadJson, parseJson, type LosslessJson } from '../json/parse.ts'
import type { Headers } from '../rate/quota.ts'
import type { HttpResponse } from './message.ts'

const decoders: Readonly<
  Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
}

/** What {@link readBody} reads. */
export interface BodyReading {
  readonly body: AsyncIterable<Buffer>
  readonly headers: Headers
  /** How messages begin. */
  readonly where: string
  readonly bytesMax: number
}

/** Reads a body whole, checks its length against `content-length`, and decompresses it. @throws CaudalError `CAUDAL_HTTP_BODY_CUT`, `CAUDAL_HTTP_BODY_TOO_LARGE`. */
export async function readBody({ body, headers, where, bytesMax }: BodyReading): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of body) {
      length += chunk.length
      if (length > bytesMax) throw tooLarge(where, bytesMax)
      chunks.push(chunk)
    }
  } catch (thrown) {
    if (CaudalError.isInstance(thrown)) throw thrown
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw bodyCut(where, `after ${length} bytes (${reason})`, thrown)
  }
  const announced = Number(headers['content-length'])
  if (Number.isFinite(announced) && announced !== length) {
    throw bodyCut(where, `after ${length} of ${announced} bytes`)
  }
  const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
  return decompress(whole, headers['content-encoding'], where, bytesMax)
}

function bodyCut(where: string, how: string, cause?: unknown): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_HTTP_BODY_CUT',
    message: `${where} answered a body that was cut ${how}.`,
    hint: 'The connection or a proxy cut the answer. Try again; if it stays, ask for smaller pages (`limit`).',
    retryable: true,
    context: { where },
    cause,
  })
}

async function decompress(
  bytes: Buffer,
  encodings: string | undefined,
  where: string,
  bytesMax: number,
): Promise<Buffer> {
  if (encodings === undefined || bytes.length === 0) return bytes
  let result = bytes
  for (const encoding of encodings.toLowerCase().split(',').toReversed()) {
    const decode = decoders[encoding.trim()]
    if (decode === undefined) continue
    try {
      result = await decode(result, { maxOutputLength: bytesMax })
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
      if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(where, bytesMax)
      throw bodyCut(where, `or damaged inside its ${encoding.trim()} encoding`, thrown)
    }
  }
  return result
}

function tooLarge(where: string, bytesMax: number): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_HTTP_BODY_TOO_LARGE',
    message: `${where} answered more than ${bytesMax} bytes.`,
    hint: 'Ask for smaller pages (`limit`), or raise `bodyBytesMax`.',
    context: { where, bytesMax },
  })
}

/**
 * The body as UTF-8 bytes without byte order mark, whatever `charset` it came in.
 * @throws CaudalError `CAUDAL_HTTP_BODY_ENCODING` when it is not in that encoding.
 */
export function utf8Bytes(response: HttpResponse): Buffer {
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(response.headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  const { bytes } = response
  if (/^utf-?8$/i.test(charset) && isUtf8(bytes)) {
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
  }
  try {
    return Buffer.from(new TextDecoder(charset, { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new CaudalError({
      code: 'CAUDAL_HTTP_BODY_ENCODING',
      message: `${response.where} answered bytes that are not ${charset}.`,
      hint: 'The server names another encoding than it uses: have it send UTF-8, or the right `charset`.',
      context: { where: response.where, charset },
      cause,
    })
  }
}

/** The body as JSON, numbers lossless. @throws CaudalError `CAUDAL_HTTP_NOT_JSON`, `CAUDAL_HTTP_BODY_CUT`, `CAUDAL_HTTP_BODY_ENCODING`. */
export function responseJson(
  response: HttpResponse,
  parse: (text: string) => LosslessJson = parseJson,
): LosslessJson {
  const text = utf8Bytes(response).toString()
  try {
    return parse(text)
  } catch (thrown) {
    throw explainBadJson(text, thrown, {
      where: response.where,
      contentType: response.headers['content-type'] ?? '',
    })
  }
}
