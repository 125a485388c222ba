import type { RunService } from '@caudal/engine'
import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { answer } from '../answer/json.ts'
import { publicRecord, publicRun, publicSchedule } from '../answer/public.ts'
import { attachRequestOf } from '../attach-request.ts'
import { channelOf, localOwner, type ServerContext, type ServerEnv } from '../context.ts'
import { readBody, readQuery } from '../guard/input.ts'

const day = z.iso.date()
const interval = z
  .strictObject({ start: day, end: day })
  .refine(({ start, end }) => start < end, 'the start must lie before the end')
const selection = z.array(z.string().min(1).max(500)).max(1_000)
const runBody = z.strictObject({
  select: selection.default([]),
  full: z.boolean().optional(),
  interval: interval.optional(),
  skipSources: z.boolean().optional(),
  operation: z
    .strictObject({
      kind: z.enum(['replay', 'reset', 'check']),
      tables: z.array(z.string().max(200)).max(1_000),
    })
    .optional(),
  trigger: z.string().min(1).max(100).optional(),
})
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const planQuery = z
  .object({
    select: z.preprocess((value) => (typeof value === 'string' ? [value] : value), selection.default([])),
    full: flag.optional(),
    skipSources: flag.optional(),
    start: day.optional(),
    end: day.optional(),
  })
  .refine(({ start, end }) => (start === undefined) === (end === undefined), 'start and end belong together')
  .refine(({ start = '', end = '~' }) => start < end, 'the start must lie before the end')
const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().optional(),
})
const nothing = z.strictObject({})

/** Plans, runs and schedules. */
export function addRunRoutes(app: Hono<ServerEnv>, server: ServerContext): void {
  const { runs } = server.service
  app.get('/api/v1/plan', (context) => answerPlan(context, server))
  app.get('/api/v1/schedules', async (context) =>
    answer<'/api/v1/schedules', '$get'>(context, (await runs.schedules()).map(publicSchedule)),
  )
  app.get('/api/v1/runs', async (context) => {
    const { limit, before } = readQuery(context, listQuery)
    const list = await runs.list(limit, before)
    return answer<'/api/v1/runs', '$get'>(context, list.map(publicRun))
  })
  app.post('/api/v1/runs', (context) => startRun(context, server))
  app.get('/api/v1/runs/:id', async (context) =>
    answer<'/api/v1/runs/:id', '$get'>(context, publicRecord(await runs.get(context.req.param('id')))),
  )
  app.post('/api/v1/runs/:id/cancel', async (context) => {
    await readBody(context, nothing)
    const id = context.req.param('id')
    const isCancelled = await runs.cancel(id)
    await audit(server, 'run.cancel', id, { isCancelled })
    return answer<'/api/v1/runs/:id/cancel', '$post'>(context, { isCancelled })
  })
}

async function startRun(context: Context<ServerEnv>, server: ServerContext): Promise<Response> {
  const body = await readBody(context, runBody)
  const trigger = channelOf(context) === 'socket' ? (body.trigger ?? 'cli') : 'console'
  const run = await withRuns(context, server, (runs) => runs.start(withoutUndefined({ ...body, trigger })))
  await audit(server, 'run.start', run.id, { trigger, select: body.select })
  return answer<'/api/v1/runs', '$post'>(context, publicRun(run))
}

async function answerPlan(context: Context<ServerEnv>, server: ServerContext): Promise<Response> {
  const { start, end, ...query } = readQuery(context, planQuery)
  const asked = start === undefined || end === undefined ? undefined : { start, end }
  const trigger = channelOf(context) === 'socket' ? 'cli' : 'console'
  const plan = await withRuns(context, server, (runs) =>
    runs.plan(withoutUndefined({ ...query, interval: asked, trigger })),
  )
  return answer<'/api/v1/plan', '$get'>(context, plan)
}

/** Plans and runs with the version of the project that the asking process has loaded; from a browser with the owner's. */
function withRuns<T>(
  context: Context<ServerEnv>,
  { service }: ServerContext,
  act: (runs: Pick<RunService, 'plan' | 'start'>) => Promise<T>,
): Promise<T> {
  const attach = channelOf(context) === 'socket' ? attachRequestOf(context) : undefined
  if (attach === undefined || attach.fingerprint === service.manifest.fingerprint) return act(service.runs)
  return service.withVersion(attach, act)
}

async function audit(
  { options, log }: ServerContext,
  action: string,
  subject: string,
  details: Parameters<NonNullable<typeof options.audit>['add']>[0]['details'],
): Promise<void> {
  try {
    await options.audit?.add({ viewer: localOwner.id, action, subject, details })
  } catch (error) {
    log.error({ err: error, action, subject }, 'The action was done, but not recorded in the audit')
  }
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }
}
