import { CaudalError } from '@caudal/spec'
import type { Redactor } from '../redactor.ts'

/** Where addresses are resolved. */
export interface AddressSpace {
  readonly baseUrl: string
  readonly origins?: readonly string[]
  /** The page that a link stands on. Default: the base URL, below which every relative path lies, with `/` before it or without. */
  readonly base?: string
  readonly where: string
  readonly redactor: Redactor
}

/**
 * The address that a path or link stands for.
 * @throws CaudalError `CAUDAL_HTTP_FOREIGN_ORIGIN` when it leads to a server that was not configured: nothing is sent there.
 */
export function resolveUrl(address: string, space: AddressSpace): URL {
  const { baseUrl, base, origins = [], where, redactor } = space
  const isAbsolute = URL.canParse(address)
  const url =
    base !== undefined || isAbsolute
      ? URL.parse(address, base)
      : URL.parse(address.replace(/^\/+/, ''), baseUrl.replace(/\/*$/, '/'))
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CaudalError({
      code: 'CAUDAL_HTTP_ADDRESS',
      message: `${where}: ${JSON.stringify(redactor.text(address))} is no http address.`,
      hint: 'Check `baseUrl`, `path` and where the next link is taken from.',
      context: { where },
    })
  }
  const allowed = [baseUrl, ...origins].map((known) => URL.parse(known)?.origin)
  if (allowed.includes(url.origin)) return url
  throw new CaudalError({
    code: 'CAUDAL_HTTP_FOREIGN_ORIGIN',
    message: `${where} leads to ${url.origin}, which is not configured. Nothing was sent there.`,
    hint: `If it belongs to the same service, add it: origins: ['${url.origin}'].`,
    context: { where, origin: url.origin },
  })
}
