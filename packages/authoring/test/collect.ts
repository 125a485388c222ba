import type { SourceBatch, StreamFailure } from '@caudal/spec'

/** Every batch of a read; what ended a stream is thrown. */
export async function collect(read: AsyncIterable<SourceBatch | StreamFailure>): Promise<SourceBatch[]> {
  const batches: SourceBatch[] = []
  for await (const batch of read) {
    if ('failure' in batch) throw batch.failure
    batches.push(batch)
  }
  return batches
}
