import { type Company, SHAPES, type StreamShape } from '../company/company.ts'
import type { Rows } from '../rows.ts'
import { type Served, StreamStore } from './store.ts'

/** The streams that the API serves as collections. */
export const SERVED_STREAMS = [
  'sdrs',
  'teams',
  'accounts',
  'people',
  'leads',
  'deals',
  'deal_stages',
  'activities',
  'emails',
] as const

export type ServedStream = (typeof SERVED_STREAMS)[number]

/** One store per served stream. */
export type Stores = { readonly [Name in ServedStream]: StreamStore<Rows[Name]> }

export function createStores(company: Company): Stores {
  const stores = SERVED_STREAMS.map((name) => [
    name,
    new StreamStore<Served>(company.world, SHAPES[name] as StreamShape<Served>),
  ])
  return Object.fromEntries(stores)
}
