/** A computation that several callers wait for. */
interface Flight<T> {
  readonly promise: Promise<T>
  readonly controller: AbortController
  waiting: number
}

/**
 * Answers by key. Equal keys that are asked for at the same time are computed once; the computation is aborted when its last caller has
 * left. The answers used longest ago are forgotten first; errors are not kept.
 */
export class AnswerCache<T> {
  readonly #answers = new Map<string, T>()
  readonly #flights = new Map<string, Flight<T>>()
  readonly #answersMax: number

  constructor(answersMax = 500) {
    this.#answersMax = answersMax
  }

  /** The answer of a key. @throws the signal's reason when it aborts before the answer is there. */
  async get(key: string, signal: AbortSignal, compute: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const known = this.#answers.get(key)
    if (known !== undefined) {
      this.#answers.delete(key)
      this.#answers.set(key, known)
      return known
    }
    const flight = this.#flights.get(key) ?? this.#start(key, compute)
    flight.waiting++
    const { promise: left, reject } = Promise.withResolvers<never>()
    const leave = (): void => reject(signal.reason)
    signal.addEventListener('abort', leave)
    try {
      return await Promise.race([flight.promise, left])
    } finally {
      signal.removeEventListener('abort', leave)
      flight.waiting--
      if (flight.waiting === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key)
        flight.controller.abort(signal.reason)
      }
    }
  }

  #start(key: string, compute: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController()
    const promise = compute(controller.signal).then((answer) => {
      this.#keep(key, answer)
      return answer
    })
    const flight: Flight<T> = { promise, controller, waiting: 0 }
    this.#flights.set(key, flight)
    const end = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    promise.then(end, end)
    return flight
  }

  #keep(key: string, answer: T): void {
    this.#answers.set(key, answer)
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > this.#answersMax && oldest !== undefined) this.#answers.delete(oldest)
  }
}
