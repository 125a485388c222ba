import { isSecretReference, type SecretReference, type SourceDefinition } from '@caudal/spec'
import { checkOptions } from './check-options.ts'
import { declareStream } from './describe/describe-stream.ts'
import type { RestOptions } from './options.ts'
import { RestSource } from './rest-source.ts'

/**
 * A source that is an HTTP API with JSON answers, described rather than programmed: where it is, who asks, and for each stream where its
 * records are and how the list goes on. Secrets are references: `auth: { kind: 'bearer', token: env('CRM_TOKEN') }`.
 * @throws CaudalError `CAUDAL_REST_OPTIONS` with everything that is wrong with the options.
 */
export function rest(options: RestOptions): SourceDefinition {
  checkOptions(options)
  return {
    kind: 'source',
    adapter: 'rest',
    ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    streams: Object.fromEntries(
      Object.keys(options.streams).map((name) => [name, declareStream(name, options.streams)]),
    ),
    secrets: secretsIn(options),
    describe: {
      ...(typeof options.baseUrl === 'string' ? { baseUrl: options.baseUrl } : {}),
      auth: options.auth?.kind ?? 'none',
      streams: Object.fromEntries(Object.entries(options.streams).map(([name, { path }]) => [name, path])),
    },
    create: () => new RestSource(options),
  }
}

function secretsIn({
  baseUrl,
  auth = { kind: 'none' },
  headers = {},
  params = {},
}: RestOptions): SecretReference[] {
  const settings: unknown[] = [
    baseUrl,
    ...Object.values(auth),
    ...Object.values(headers),
    ...Object.values(params),
  ]
  return settings.filter((setting) => isSecretReference(setting))
}
