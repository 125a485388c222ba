import { protocolVersion, type ProjectAnswer } from '@caudal/spec'
import type { OwnerService } from '@caudal/engine'
import type { Hono } from 'hono'
import { answer } from '../answer/json.ts'
import { publicGraph, publicReport } from '../answer/public.ts'
import type { ServerContext, ServerEnv } from '../context.ts'

/** What the project is and how it fares. */
export function addProjectRoutes(app: Hono<ServerEnv>, { service }: ServerContext): void {
  app.get('/api/v1/project', (context) =>
    answer<'/api/v1/project', '$get'>(context, describeProject(service)),
  )
  app.get('/api/v1/graph', async (context) =>
    answer<'/api/v1/graph', '$get'>(context, publicGraph(await service.graph())),
  )
  app.get('/api/v1/status', async (context) =>
    answer<'/api/v1/status', '$get'>(context, await service.status()),
  )
}

function describeProject({ manifest, target, problems }: OwnerService): ProjectAnswer {
  return {
    protocol: protocolVersion,
    project: manifest.name,
    target,
    fingerprint: manifest.fingerprint,
    timeZone: manifest.timeZone,
    locale: manifest.locale,
    currency: manifest.currency,
    dashboards: manifest.dashboards.map(({ name, title, description }) => ({
      name,
      title,
      ...(description === undefined ? {} : { description }),
    })),
    problems: [...manifest.problems, ...problems].map(publicReport),
  }
}
