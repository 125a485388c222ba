import { open } from 'node:fs/promises'

const bufferBytes = 2 * 1024 * 1024
const newline = 0x0a

/**
 * The bytes of a file in pieces that end with a line, but for the last and for lines that are longer than the buffer; read ahead. Each piece is
 * overwritten when the next one is asked for: a new buffer for each cost more time than what is done with them.
 */
export async function* wholeLines(path: string): AsyncGenerator<Buffer> {
  let buffer = Buffer.allocUnsafe(bufferBytes)
  let other = Buffer.allocUnsafe(bufferBytes)
  const handle = await open(path)
  try {
    let kept = 0
    let reading = handle.read(buffer, 0, bufferBytes)
    for (;;) {
      const { bytesRead } = await reading
      const filled = kept + bytesRead
      if (bytesRead === 0) {
        if (filled > 0) yield buffer.subarray(0, filled)
        return
      }
      const lines = buffer.lastIndexOf(newline, filled - 1) + 1
      const end = lines === 0 && filled === bufferBytes ? filled : lines
      kept = buffer.copy(other, 0, end, filled)
      reading = handle.read(other, kept, bufferBytes - kept)
      if (end > 0) yield buffer.subarray(0, end)
      ;[buffer, other] = [other, buffer]
    }
  } finally {
    await handle.close()
  }
}
