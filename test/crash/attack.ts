import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { assertModels } from './books.ts'
import { runCaudal, type KillAt } from './caudal.ts'
import { lakeMarks, landingOf, type Landing } from './landing.ts'
import { createShop, planSource, type SourcePlan } from './project.ts'
import { seedOf, Random } from './random.ts'
import { assertWhole } from './whole.ts'
import { World } from './world.ts'

/** A way to kill a run: at a point that the source comes to, or from outside. */
export interface Attack {
  readonly name: string
  readonly source?: SourcePlan['kill']
  readonly killAt?: KillAt
  /** The command that is killed, when it is not a run of everything. */
  readonly command?: readonly string[]
}

/** When to kill a command that writes into the warehouse: while its log grows, or at any moment of the time that it usually takes. */
export function whileItWrites(random: Random, usualMs: number): KillAt {
  const nth = random.below(7)
  const inCommit: KillAt = {
    kind: 'change',
    folder: 'data',
    matching: /\.wal$/,
    nth,
    afterMs: random.below(3),
  }
  const anyMoment: KillAt = { kind: 'time', afterMs: usualMs * (0.3 + random.next() * 0.7) }
  return random.below(2) === 0 ? inCommit : anyMoment
}

/** How a campaign of attacks is to be. */
export interface Campaign {
  /** Kills after which it ends. */
  readonly kills: number
  /** Time after which it ends. */
  readonly budgetMs: number
  /** Chooses the next attack, given how long an undisturbed run takes. */
  readonly choose: (random: Random, usualMs: number) => Attack
  /** Share of the kills that must land between the first staged byte of a load and its commit. Default: 0. */
  readonly midLoadShareMin?: number
}

/** What a whole campaign may take, in milliseconds; by default as long as its kills need. */
export const fullBudgetMs = Number(process.env['CAUDAL_BUDGET_MS'] ?? Infinity)

/** Kills on one shop before the next shop is opened: the lake stays small, so that a rebuild stays short. */
const killsPerShop = 4

/** Kills runs again and again. After each kill an undisturbed run puts everything in order, and the lake alone gives the same tables. */
export async function campaign(
  t: TestContext,
  { kills, budgetMs, choose, midLoadShareMin = 0 }: Campaign,
): Promise<void> {
  const random = new Random(seedOf())
  t.diagnostic(`seed ${random.seed} (CAUDAL_SEED=${random.seed} repeats the choices)`)
  const landings: Record<Landing, number> = { before: 0, 'mid-load': 0, after: 0 }
  const names: Record<string, number> = {}
  const began = performance.now()
  let killed = 0
  while (killed < kills && performance.now() - began < budgetMs) {
    const shop = await Shop.open(t, random)
    for (
      let here = 0;
      here < killsPerShop && killed < kills && performance.now() - began < budgetMs;
      here++
    ) {
      const attack = choose(random, shop.usualMs)
      const landing = await shop.attack(attack)
      if (landing === undefined) continue
      killed++
      landings[landing]++
      names[attack.name] = (names[attack.name] ?? 0) + 1
    }
  }
  t.diagnostic(`${killed} kills: ${JSON.stringify(names)}; landed ${JSON.stringify(landings)}`)
  const isJudged = killed >= 30
  assert.ok(
    !isJudged || landings['mid-load'] >= killed * midLoadShareMin,
    'too few land between the first staged byte and the commit',
  )
}

/** A shop that is attacked. */
class Shop {
  readonly #folder: string
  readonly #world: World
  readonly #random: Random
  /** How long the last undisturbed run took. */
  usualMs = 0

  private constructor(folder: string, random: Random) {
    this.#folder = folder
    this.#random = random
    this.#world = new World(random)
  }

  static async open(t: TestContext, random: Random): Promise<Shop> {
    const shop = new Shop(await createShop(t), random)
    if (random.below(3) > 0) await shop.#finish()
    else shop.usualMs = 1_000
    return shop
  }

  /** @returns where the kill landed, `undefined` when the run ended before it. */
  async attack({ source, killAt, command = ['run'] }: Attack): Promise<Landing | undefined> {
    const random = this.#random
    this.#world.change()
    this.#world.changePaged()
    await this.#world.save(this.#folder)
    await planSource(this.#folder, {
      pageRows: 8 + random.below(30),
      pauseMs: random.below(3),
      ...(source === undefined ? {} : { kill: source }),
    })
    const before = await lakeMarks(this.#folder)
    const { signal } = await runCaudal(this.#folder, command, killAt)
    const landing = signal === 'SIGKILL' ? await landingOf(this.#folder, before) : undefined
    if (random.below(2) === 0) this.#world.change()
    await this.#finish()
    return landing
  }

  /** A run that nothing disturbs puts everything in order, and a rebuild agrees. */
  async #finish(): Promise<void> {
    await this.#world.save(this.#folder)
    await planSource(this.#folder, { pageRows: 100, pauseMs: 0 })
    const { code, output, tookMs } = await runCaudal(this.#folder, ['run'])
    this.usualMs = tookMs
    await assertWhole(this.#folder, this.#world, async (warehouse) => {
      assert.equal(code, 0, output)
      await assertModels(warehouse)
    })
  }
}
