import type { Lake, StagedFile } from '@caudal/spec'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

/** The text of a delimited file in the lake, decompressed and decoded. */
export async function decodedText(lake: Lake, file: StagedFile): Promise<string> {
  const bytes = await lake.get(file.key)
  const plain =
    file.compression === 'gzip'
      ? gunzipSync(bytes)
      : file.compression === 'zstd'
        ? zstdDecompressSync(bytes)
        : bytes
  const isLittleEndian = plain[0] === 0xff && plain[1] === 0xfe
  return new TextDecoder(file.text?.encoding === 'utf-16' || isLittleEndian ? 'utf-16le' : 'utf-8').decode(
    plain,
  )
}
