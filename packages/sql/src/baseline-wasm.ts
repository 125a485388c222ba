import { setFlagsFromString } from 'node:v8'

const tiering = ['wasm-tier-up', 'wasm-dynamic-tiering'] as const

/**
 * Runs work on WebAssembly that stays in V8's baseline compiler. The parser has 17,000 functions and answers a few hundred questions per process:
 * to optimise them takes four times as long as to answer (200 models: 2.4 s of processor time with it, 0.6 s without). The flags are read when a
 * function is compiled, so they hold for this work alone.
 */
export function inBaselineWasm<Result>(work: () => Result): Result {
  for (const flag of tiering) setFlagsFromString(`--no-${flag}`)
  try {
    return work()
  } finally {
    for (const flag of tiering) setFlagsFromString(`--${flag}`)
  }
}
