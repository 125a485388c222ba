/** Turns a record's place within its stream into its id; the last digit tells the stream. */
export function idOf(place: number, digit: number): number {
  return (place + 1) * 10 + digit
}
