import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Refusal } from './refusal.ts'

const inflate = promisify(gunzip)

/** What a body may be at most. */
export interface BodyLimits {
  /** Bytes as sent. Default: 5 MiB. */
  readonly bodyBytesMax: number
  /** Bytes after decompression. Default: 20 MiB. */
  readonly inflatedBytesMax: number
}

/** Reads a body. @throws Refusal 400, 413, 415. */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new Refusal(415, `Content-Encoding is ${encoding}: gzip or none is read.`)
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limits.bodyBytesMax) throw tooLarge(limits.bodyBytesMax)
  const body = await readBytes(request, limits.bodyBytesMax)
  return encoding === 'gzip' ? gunzipped(body, limits.inflatedBytesMax) : body
}

/** Not by iteration: leaving that early destroys the socket, and the sender would never see the answer. */
function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes <= bytesMax) return void chunks.push(chunk)
      request.pause()
      reject(tooLarge(bytesMax))
    })
    request.once('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)),
    )
    request.once('error', () => reject(new Refusal(400, 'The body was cut off. Nothing was taken.')))
    request.once('close', () => reject(new Refusal(400, 'The body was cut off. Nothing was taken.')))
  })
}

async function gunzipped(body: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    return await inflate(body, { maxOutputLength: bytesMax })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal(
        413,
        `The body has more than ${bytesMax} bytes when it is unpacked. Nothing was taken.`,
      )
    throw new Refusal(400, 'The body is no whole gzip. Nothing was taken.')
  }
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal(
    413,
    `The body has more than ${bytesMax} bytes. Nothing was taken; send fewer events at a time.`,
  )
}
