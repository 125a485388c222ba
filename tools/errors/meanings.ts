/**
 * What an error code means, for those whose place in the code does not say it in one piece: a sentence that begins
 * with a capital and ends with a full stop. Other codes are documented by their own messages.
 */
export const meanings: Readonly<Record<string, string>> = {}
