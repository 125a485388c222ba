import { open } from 'node:fs/promises'

const bufferBytes = 2 * 1024 * 1024

/**
 * The bytes of a file in pieces that end with a line, but for the last and for lines that are longer than the buffer. Each piece is overwritten
 * by the next one: a new buffer for each cost more time than what is done with it.
 */
export async function* wholeLines(path: string): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(bufferBytes)
  const handle = await open(path)
  try {
    let kept = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, kept, bufferBytes - kept)
      const filled = kept + bytesRead
      if (bytesRead === 0) {
        if (filled > 0) yield buffer.subarray(0, filled)
        return
      }
      const lines = buffer.lastIndexOf(0x0a, filled - 1) + 1
      const end = lines === 0 && filled === bufferBytes ? filled : lines
      if (end > 0) yield buffer.subarray(0, end)
      buffer.copyWithin(0, end, filled)
      kept = filled - end
    }
  } finally {
    await handle.close()
  }
}
