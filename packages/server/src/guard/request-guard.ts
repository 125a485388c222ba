import { CaudalError } from '@caudal/spec'
import type { MiddlewareHandler } from 'hono'
import { channelOf, type ServerEnv } from '../context.ts'

/** Names that mean this machine. */
const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

const readMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses what a page of another site can make a browser send here: a `Host` that is not this machine (DNS rebinding), another
 * `Origin`, an API request that the browser marks as cross-site, and a changing request without a JSON body (which a form cannot send).
 * Over the unix socket no browser speaks: only the JSON body is asked for.
 */
export function requestGuard(): MiddlewareHandler<ServerEnv> {
  return async (context, next) => {
    const header = (name: string): string | undefined => context.req.header(name)
    if (channelOf(context) === 'tcp') {
      checkHost(header('host'))
      checkOrigin(header('origin'), header('host'))
      if (context.req.path.startsWith('/api/')) checkFetchSite(header('sec-fetch-site'))
    }
    if (!readMethods.has(context.req.method)) checkContentType(header('content-type'))
    await next()
  }
}

function checkHost(host: string | undefined): void {
  const name = host?.replace(/:\d+$/, '').toLowerCase() ?? ''
  if (loopbackNames.includes(name)) return
  throw new CaudalError({
    code: 'CAUDAL_REQUEST_HOST',
    message: `The request names the host \`${host ?? ''}\`; this server answers for ${loopbackNames.join(', ')} alone.`,
    hint: 'Open the console by its printed address, http://127.0.0.1:<port>.',
  })
}

function checkOrigin(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined || origin.toLowerCase() === `http://${host?.toLowerCase()}`) return
  throw foreign(`a page of \`${origin}\``)
}

function checkFetchSite(site: string | undefined): void {
  if (site === undefined || site === 'same-origin' || site === 'none') return
  throw foreign(`a ${site} page`)
}

function foreign(who: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_REQUEST_ORIGIN',
    message: `The request was sent by ${who}; only the console's own pages may call this server.`,
    hint: 'Open the console by its printed address.',
  })
}

function checkContentType(type: string | undefined): void {
  if (type !== undefined && /^application\/json\s*(;|$)/i.test(type)) return
  throw new CaudalError({
    code: 'CAUDAL_REQUEST_CONTENT_TYPE',
    message: `The request has the content type \`${type ?? ''}\`; requests that change something carry application/json.`,
    hint: "Send `content-type: application/json` with a JSON body, at least '{}'.",
  })
}
