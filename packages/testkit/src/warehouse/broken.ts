import type { Load, LoadOutcome, TableLoad, Warehouse } from '@caudal/spec'
import type { WarehouseFactory } from './world.ts'

/** A warehouse that breaks one promise of its contract, and what in the suite sees it. */
export interface BrokenWarehouse {
  readonly what: string
  /** Matches the names of tests that must fail on it. */
  readonly seenBy: RegExp
  /** Wraps a warehouse that keeps the contract. */
  breakIt(warehouse: Warehouse): Partial<Warehouse>
}

let freshIds = 0

/** Another id for each time that a load is committed. */
function freshId({ id }: Load): string {
  return id.slice(0, -3) + String(freshIds++).padStart(3, '0')
}

/** One fake for each promise on which exactly once rests. */
export const brokenWarehouses: readonly BrokenWarehouse[] = [
  {
    what: 'drops a row',
    seenBy: /merge counts every record once/,
    breakIt: (warehouse) => onLoad(warehouse, (load) => load, droppingLastRow),
  },
  {
    what: 'applies a load twice',
    seenBy: /applying a load twice changes nothing/,
    breakIt: (warehouse) => onLoad(warehouse, (load) => ({ ...load, id: freshId(load), positions: [] })),
  },
  {
    what: 'ignores the version of a position',
    seenBy: /whose position has moved is refused/,
    breakIt: (warehouse) => onLoad(warehouse, (load) => ({ ...load, positions: [] })),
  },
  {
    what: 'ignores the generation of a table',
    seenBy: /prepared for an older generation is refused/,
    breakIt: (warehouse) => ({
      commit: async (load, locate, signal) => {
        const states = await warehouse.state.tables()
        const present = ({ table }: TableLoad): number =>
          states.find((state) => state.table.schema === table.schema && state.table.name === table.name)
            ?.generation ?? 0
        const tables = load.tables.map((table) => ({ ...table, generation: present(table) }))
        return warehouse.commit({ ...load, tables }, locate, signal)
      },
    }),
  },
  {
    what: 'shows the rows of a complete read before it is complete',
    seenBy: /becomes visible only when it is complete/,
    breakIt: (warehouse) =>
      onTables(warehouse, ({ snapshot: _snapshot, ...table }) => ({ ...table, disposition: 'append' })),
  },
  {
    what: 'lets the load that came last win',
    seenBy: /merge counts every record once/,
    breakIt: (warehouse) => onTables(warehouse, ({ order: _order, ...table }) => table),
  },
  {
    what: 'gives a replayed record the rank of its replay',
    seenBy: /a replayed record does not win/,
    breakIt: (warehouse) => onTables(warehouse, ({ rank: _rank, ...table }) => table),
  },
  {
    what: 'throws bad rows away',
    seenBy: /bad CSV rows become dead letters/,
    breakIt: (warehouse) => ({ state: { ...warehouse.state, deadLetters: () => Promise.resolve([]) } }),
  },
  {
    what: 'forgets the ledger of a table that a load touched',
    seenBy: /the ledger tells the tables of each commit/,
    breakIt: (warehouse) => ({ state: { ...warehouse.state, ledger: () => Promise.resolve([]) } }),
  },
  {
    what: 'publishes although a check fails',
    seenBy: /a failing check leaves yesterday's table/,
    breakIt: (warehouse) => ({ publish: (request) => warehouse.publish({ ...request, checks: [] }) }),
  },
]

/** A factory of warehouses that break a promise. */
export function breaking(factory: WarehouseFactory, { breakIt }: BrokenWarehouse): WarehouseFactory {
  return {
    open: async (folder) => {
      const warehouse = await factory.open(folder)
      const broken = breakIt(warehouse)
      return new Proxy(warehouse, {
        get: (target, name) => {
          const value: unknown = Reflect.get(name in broken ? broken : target, name)
          return typeof value === 'function' ? value.bind(name in broken ? broken : target) : value
        },
      })
    },
  }
}

type OnOutcome = (load: Load, outcome: LoadOutcome) => LoadOutcome

function onLoad(
  warehouse: Warehouse,
  change: (load: Load) => Load,
  then: OnOutcome = (_, outcome) => outcome,
): Partial<Warehouse> {
  return {
    commit: async (load, locate, signal) => then(load, await warehouse.commit(change(load), locate, signal)),
  }
}

function onTables(warehouse: Warehouse, change: (table: TableLoad) => TableLoad): Partial<Warehouse> {
  return onLoad(warehouse, (load) => ({ ...load, tables: load.tables.map(change) }))
}

/** A record less than there was. */
function droppingLastRow(_load: Load, outcome: LoadOutcome): LoadOutcome {
  const tables = outcome.tables.map((table) => {
    const { inserted, extracted } = table.counts
    return { ...table, counts: { ...table.counts, inserted: inserted - 1, extracted: extracted - 1 } }
  })
  return { ...outcome, tables }
}
