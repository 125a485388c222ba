import { provision } from './provision.ts'

/** `npm run services`: provides what the tests need, by hand. */
export async function main(): Promise<number> {
  const missing = await provision()
  for (const what of missing) console.log(`not provisioned: ${what}`)
  if (missing.length === 0) console.log('Everything that the tests need is here.')
  return missing.length === 0 ? 0 : 1
}
