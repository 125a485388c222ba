import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DealRow } from '@caudal/simulator'

/** A sale of an SDR as `ventas_sdr` should have it. */
export interface Sale {
  readonly id: string
  readonly id_sdr: string
  readonly monto: string
  readonly fecha: string
}

const dayInMadrid = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Madrid' })

/** What the deals are worth in euros at the rate of the day of closing in Madrid, to the cent, half away from zero: with integers and no SQL. */
export async function salesInEuros(deals: Iterable<DealRow>, backoffice: string): Promise<Sale[]> {
  const rates = new Map<string, bigint>()
  const text = await readFile(path.join(backoffice, 'fx_rates.csv'), 'utf8')
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const [day = '', currency = '', rate = ''] = line.split(',')
    rates.set(`${currency} ${day}`, digits(rate))
  }
  const sales: Sale[] = []
  for (const { id, sdr_id, is_won, amount, closed_at, currency } of deals) {
    if (!is_won || sdr_id === null || closed_at === null) continue
    const fecha = dayInMadrid.format(new Date(closed_at))
    const rate = currency === 'EUR' ? 10_000n : rates.get(`${currency} ${fecha}`)
    if (rate === undefined) throw new Error(`No rate of ${currency} on ${fecha}.`)
    const cents = (digits(amount ?? '') * rate + 5_000n) / 10_000n
    const monto = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
    sales.push({ id: String(id), id_sdr: String(sdr_id), monto, fecha })
  }
  return sales
}

function digits(decimal: string): bigint {
  return BigInt(decimal.replace('.', ''))
}
