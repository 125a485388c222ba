import { CaudalError, parseCell, type RowsAnswer, type TileAnswer } from '@caudal/spec'
import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { answer } from '../answer/json.ts'
import { publicTile } from '../answer/public.ts'
import { localOwner, type ServerContext, type ServerEnv } from '../context.ts'
import { csvAnswer, csvWanted, languageOf } from '../csv/csv-answer.ts'
import { rowsTable } from '../csv/rows-csv.ts'
import { tileTable } from '../csv/tile-csv.ts'
import { readQuery } from '../guard/input.ts'
import { tileOf, viewOf } from './view.ts'

const rowsQuery = z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(200) })

/** Dashboards, their tiles, the values of their filters and the rows behind a number. */
export function addDashboardRoutes(app: Hono<ServerEnv>, server: ServerContext): void {
  const { service } = server
  app.get('/api/v1/dashboards/:name', (context) =>
    answer<'/api/v1/dashboards/:name', '$get'>(context, service.tiles.dashboard(context.req.param('name'))),
  )
  app.get('/api/v1/dashboards/:name/values/:dimension', async (context) => {
    const { name, dimension } = context.req.param()
    const values = await service.tiles.values(name, dimension, localOwner, context.req.raw.signal)
    return answer<'/api/v1/dashboards/:name/values/:dimension', '$get'>(context, values)
  })
  app.get('/api/v1/dashboards/:name/tiles/:tile', (context) => answerTile(context, server))
  app.on(
    'GET',
    ['/api/v1/dashboards/:name/tiles/:tile/rows', '/api/v1/dashboards/:name/tiles/:tile/rows.csv'],
    (context) => answerRows(context, server),
  )
}

async function answerTile(context: Context<ServerEnv>, { service }: ServerContext): Promise<Response> {
  const name = context.req.param('name') ?? ''
  const wanted = csvWanted(context)
  const id = (context.req.param('tile') ?? '').replace(/\.csv$/, '')
  const tile = tileOf(service, name, id)
  const view = viewOf(service, name, new URL(context.req.url).searchParams)
  const tileAnswer = await service.tiles.answer(name, id, view, localOwner, context.req.raw.signal)
  if (wanted === undefined) {
    return answer<'/api/v1/dashboards/:name/tiles/:tile', '$get'>(context, publicTile(tileAnswer))
  }
  const table = tileTable(tile, dataOf(tileAnswer), languageOf(context, service.manifest.locale))
  return csvAnswer(context, table, `${name}-${id}`, wanted)
}

async function answerRows(context: Context<ServerEnv>, { service }: ServerContext): Promise<Response> {
  const name = context.req.param('name') ?? ''
  const tile = context.req.param('tile') ?? ''
  const parameters = new URL(context.req.url).searchParams
  tileOf(service, name, tile)
  const { limit } = readQuery(context, rowsQuery)
  const view = viewOf(service, name, parameters)
  const cell = parseCell(parameters)
  const { signal } = context.req.raw
  const rows: RowsAnswer = await service.tiles.rows(name, tile, view, cell, localOwner, limit, signal)
  const wanted = csvWanted(context)
  return wanted === undefined
    ? answer<'/api/v1/dashboards/:name/tiles/:tile/rows', '$get'>(context, rows)
    : csvAnswer(context, rowsTable(rows), `${name}-${tile}-rows`, wanted)
}

function dataOf(tileAnswer: TileAnswer): Extract<TileAnswer, { state: 'ready' }>['data'] {
  if (tileAnswer.state === 'ready') return tileAnswer.data
  throw CaudalError.fromReport(tileAnswer.error)
}
