import type { Redactor } from '../redactor.ts'

/** A request about to be sent: an authorizer adds to it. */
export interface Outgoing {
  readonly url: URL
  readonly headers: Record<string, string>
}

/** Proves to the server who asks. */
export interface Authorizer {
  authorize(outgoing: Outgoing, signal: AbortSignal): Promise<void>
  /** After a 401 to `outgoing`: whether asking once more may help, because there is a newer token now. */
  renew?(outgoing: Outgoing, signal: AbortSignal): Promise<boolean>
  /** Waits for what must not be left half done. */
  close?(): Promise<void>
}

/** User name and password (RFC 7617). */
export function basicAuthorizer(user: string, password: string, redactor: Redactor): Authorizer {
  const encoded = Buffer.from(`${user}:${password}`).toString('base64')
  redactor.addSecret(password)
  return headerAuthorizer('authorization', `Basic ${encoded}`, encoded, redactor)
}

/** A token in the `authorization` header. */
export function bearerAuthorizer(token: string, redactor: Redactor, scheme = 'Bearer'): Authorizer {
  return headerAuthorizer('authorization', `${scheme} ${token}`, token, redactor)
}

/** A key in a header of the vendor's own. */
export function keyHeaderAuthorizer(header: string, key: string, redactor: Redactor): Authorizer {
  return headerAuthorizer(header.toLowerCase(), key, key, redactor)
}

/** A key in the query of each address. */
export function keyQueryAuthorizer(parameter: string, key: string, redactor: Redactor): Authorizer {
  redactor.addSecret(key)
  redactor.addParameter(parameter)
  return {
    async authorize({ url }) {
      url.searchParams.set(parameter, key)
    },
  }
}

function headerAuthorizer(name: string, value: string, secret: string, redactor: Redactor): Authorizer {
  redactor.addSecret(secret)
  return {
    async authorize({ headers }) {
      headers[name] = value
    },
  }
}
