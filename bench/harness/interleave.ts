/** Gives one sample. */
export type Contender = () => Promise<number>

/**
 * Runs the contenders in turn, round after round, and turns the order around in every second round: what else the machine does meets all
 * of them alike, so that their ratios hold where their times do not. A first round, not counted, warms the caches of the disk.
 */
export async function interleave<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, Contender>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>
  for (const name of names) await contenders[name]()
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      samples[name].push(await contenders[name]())
    }
  }
  return samples
}
