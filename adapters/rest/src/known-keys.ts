import { suggestion } from '@caudal/spec'

const pageSize = ['limit', 'limitParam']
const oauth = [
  'grant',
  'tokenUrl',
  'clientId',
  'clientSecret',
  'refreshToken',
  'scope',
  'audience',
  'clientAuth',
  'scheme',
]

const shapes: Readonly<Record<string, readonly string[]>> = {
  source: [
    'baseUrl',
    'auth',
    'headers',
    'params',
    'origins',
    'schedule',
    'timeZone',
    'rateLimit',
    'retry',
    'timeoutMs',
    'bodyBytesMax',
    'concurrency',
    'errorBody',
    'account',
    'streams',
  ],
  stream: [
    'path',
    'method',
    'body',
    'params',
    'headers',
    'records',
    'recordsMayBeMissing',
    'paginate',
    'primaryKey',
    'order',
    'cursor',
    'columns',
    'parent',
    'disposition',
    'deletes',
    'deleted',
    'contract',
    'retentionDays',
    'count',
    'description',
  ],
  cursor: ['field', 'param', 'format', 'lagSeconds', 'start'],
  parent: ['stream', 'include'],
  contract: ['columns', 'types'],
  deleted: ['field', 'equals'],
  count: ['path', 'field', 'header', 'params'],
  rateLimit: ['requests', 'perSeconds', 'burst'],
  retry: ['attemptsMax', 'rateLimitedMax', 'totalMs', 'baseMs', 'waitMaxMs'],
  errorBody: ['field', 'equals', 'message', 'retryWhen'],
  account: ['path', 'field', 'scopes'],
  'auth none': ['kind'],
  'auth basic': ['kind', 'user', 'password'],
  'auth bearer': ['kind', 'token', 'scheme'],
  'auth apiKey': ['kind', 'key', 'header', 'query'],
  'auth oauth2': ['kind', ...oauth],
  'paginate none': ['kind', ...pageSize],
  'paginate page': ['kind', ...pageSize, 'param', 'start', 'pages', 'hasMore', 'endStatus', 'readAhead'],
  'paginate offset': ['kind', ...pageSize, 'param', 'total', 'overlap', 'hasMore', 'endStatus', 'readAhead'],
  'paginate cursor': ['kind', ...pageSize, 'path', 'param', 'hasMore'],
  'paginate next': ['kind', ...pageSize, 'path', 'hasMore'],
  'paginate link': ['kind', ...pageSize, 'relation'],
  'paginate keyset': ['kind', ...pageSize, 'field', 'param', 'hasMore', 'endStatus'],
}

/**
 * What is wrong with the names in an object of the options: unknown ones, or a `kind` that does not exist.
 * @param shape what the object is for; with a space before its `kind`
 */
export function knownKeys(value: object, shape: string, where: string): string[] {
  const known = shapes[shape]
  if (known === undefined) {
    const [group = '', kind = ''] = shape.split(' ')
    const kinds = Object.keys(shapes).flatMap((name) =>
      name.startsWith(`${group} `) ? name.slice(group.length + 1) : [],
    )
    return [`${where}kind is \`${kind}\`; it is one of ${kinds.join(', ')}.${suggestion(kind, kinds)}`]
  }
  return Object.keys(value).flatMap((name) =>
    known.includes(name) ? [] : `${where}${name} is not known.${suggestion(name, known)}`,
  )
}
