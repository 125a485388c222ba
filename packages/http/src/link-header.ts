/** One link of a `Link` header (RFC 8288). */
export interface Link {
  /** As it stands between `<` and `>`: may be relative. */
  readonly target: string
  /** Parameter names in small letters. */
  readonly parameters: Readonly<Record<string, string>>
}

const linkPattern = /<([^>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]+))?)*)/g
const parameterPattern = /;\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+)))?/g

/** The links of a `Link` header, in order. What is malformed is left out. */
export function parseLinkHeader(header: string): Link[] {
  return [...header.matchAll(linkPattern)].map(([, target = '', tail = '']) => {
    const parameters: Record<string, string> = {}
    for (const [, name = '', quoted, bare] of tail.matchAll(parameterPattern)) {
      parameters[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''
    }
    return { target, parameters }
  })
}

/** The target of the first link with the relation, for instance `next`; `undefined` when there is none. */
export function findLink(header: string | undefined, relation: string): string | undefined {
  if (header === undefined) return undefined
  return parseLinkHeader(header).find((link) =>
    (link.parameters['rel'] ?? '').toLowerCase().split(/\s+/).includes(relation.toLowerCase()),
  )?.target
}
