/** No file is longer. */
export const fileLinesMax = 400

/** No function is longer, the functions inside it not counted. */
export const functionLinesMax = 70

/** What is longer for now, with its length: a path, or `path#function`. Entries shrink and go, none is added. */
export const sizeRatchet: Readonly<Record<string, number>> = {}
