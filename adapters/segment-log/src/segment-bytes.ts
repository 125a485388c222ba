/** Bytes of a segment where the project says nothing. */
export const segmentBytesDefault: number = 16 * 1024 * 1024
