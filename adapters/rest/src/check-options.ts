import { CaudalError, suggestion } from '@caudal/spec'
import { keyFields } from './describe/describe-stream.ts'
import { knownKeys } from './known-keys.ts'
import { cursorFormats, type AuthOptions, type RestOptions, type RestStreamOptions } from './options.ts'
import { placeholders } from './page/template.ts'
import { includedNames } from './walk/include.ts'

/** Looks at all options before anything is sent. @throws CaudalError `CAUDAL_REST_OPTIONS`, naming everything that is wrong. */
export function checkOptions(options: RestOptions): void {
  const problems = [
    ...knownKeys(options, 'source', ''),
    ...partProblems(options, ['rateLimit', 'retry', 'errorBody', 'account'], ''),
    ...authProblems(options.auth ?? { kind: 'none' }),
    ...Object.entries(options.streams ?? {}).flatMap(([name, stream]) =>
      streamProblems(stream, options.streams).map((problem) => `streams.${name}${problem}`),
    ),
  ]
  if (Object.keys(options.streams ?? {}).length === 0) problems.push('`streams` is empty: name at least one.')
  if (problems.length === 0) return
  const [first = ''] = problems
  throw new CaudalError({
    code: 'CAUDAL_REST_OPTIONS',
    message:
      problems.length === 1
        ? `rest(): ${first}`
        : `rest(): ${problems.length} of the options are wrong:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    hint: 'Correct the options of the source; docs/sources/rest.md lists them all.',
    context: { problems },
  })
}

function authProblems(auth: AuthOptions): string[] {
  const problems = knownKeys(auth, `auth ${auth.kind}`, 'auth.')
  if (auth.kind === 'apiKey' && (auth.header === undefined) === (auth.query === undefined)) {
    problems.push('auth: name either `header` or `query`, where the key goes.')
  }
  if (auth.kind !== 'oauth2') return problems
  if (auth.grant === 'refreshToken' && auth.refreshToken === undefined) {
    problems.push('auth: the grant `refreshToken` needs `refreshToken`, the first one.')
  }
  if (auth.grant === 'clientCredentials' && auth.clientSecret === undefined) {
    problems.push('auth: the grant `clientCredentials` needs `clientSecret`.')
  }
  return problems
}

function streamProblems(stream: RestStreamOptions, streams: RestOptions['streams']): string[] {
  const { paginate, cursor, count, deleted, columns } = stream
  const key = keyFields(stream)
  const problems = [
    ...knownKeys(stream, 'stream', '.'),
    ...(paginate === undefined ? [] : knownKeys(paginate, `paginate ${paginate.kind}`, '.paginate.')),
    ...partProblems(stream, ['cursor', 'parent', 'contract', 'deleted', 'count'], '.'),
    ...parentProblems(stream, streams),
  ]
  if (paginate?.limit !== undefined && !(Number.isInteger(paginate.limit) && paginate.limit > 0)) {
    problems.push(`.paginate.limit is ${paginate.limit}: a whole number above 0 belongs there.`)
  }
  if (cursor?.format !== undefined && !cursorFormats.includes(cursor.format)) {
    problems.push(
      `.cursor.format is \`${cursor.format}\`; it is one of ${cursorFormats.join(', ')}.${suggestion(cursor.format, cursorFormats)}`,
    )
  }
  if (count !== undefined && (count.field === undefined) === (count.header === undefined)) {
    problems.push('.count: name either `field` or `header`, where the number is.')
  }
  if (deleted !== undefined && key.length === 0) {
    problems.push('.deleted needs `primaryKey`: without it a deletion names no row.')
  }
  const known =
    columns === undefined
      ? undefined
      : [...Object.keys(columns), ...includedNames(stream).map(([name]) => name)]
  for (const field of key) {
    if (known?.includes(field) === false) {
      problems.push(`.primaryKey names \`${field}\`, which \`columns\` does not.${suggestion(field, known)}`)
    }
  }
  return problems
}

/** The settings that are objects of settings, each with the shape of its name. */
function partProblems<Name extends string>(
  options: { readonly [Part in Name]?: object },
  names: readonly Name[],
  where: string,
): string[] {
  return names.flatMap((name) => {
    const part = options[name]
    return part === undefined ? [] : knownKeys(part, name, `${where}${name}.`)
  })
}

function parentProblems(stream: RestStreamOptions, streams: RestOptions['streams']): string[] {
  const named = [stream.path, ...Object.values(stream.params ?? {}).map(String)].flatMap(placeholders)
  const { parent } = stream
  if (parent === undefined) {
    return named.length === 0
      ? []
      : [`.path names \`{${named[0]}}\`, which needs \`parent\`: the stream whose records have that field.`]
  }
  if (streams[parent.stream] === undefined) {
    return [
      `.parent.stream is \`${parent.stream}\`, which is no stream of the source.${suggestion(parent.stream, Object.keys(streams))}`,
    ]
  }
  const seen = new Set<RestStreamOptions>([stream])
  for (
    let next = streams[parent.stream];
    next !== undefined;
    next = next.parent && streams[next.parent.stream]
  ) {
    if (seen.has(next)) return ['.parent leads in a circle.']
    seen.add(next)
  }
  return named.length > 0 ? [] : ['.path names no field of the parent: `deals/{id}/notes`.']
}
