import {
  CaudalError,
  type Column,
  type DeletePolicy,
  type Disposition,
  type JsonValue,
  type Lake,
  type LoadId,
  type SchemaContract,
  type SnapshotPart,
  type StagedFile,
  type TableName,
} from '@caudal/spec'

/** A load as it lies in the lake: everything that is needed to apply it later, and to apply it again on a rebuild. */
export interface StagedLoad {
  readonly format: 1
  readonly id: LoadId
  readonly run: string
  readonly source: string
  readonly stream: string
  readonly table: TableName
  readonly columns: readonly Column[]
  readonly isTyped: boolean
  readonly disposition: Disposition
  readonly primaryKey: readonly string[]
  readonly order?: string
  readonly deletes: DeletePolicy
  readonly contract: SchemaContract
  readonly files: readonly StagedFile[]
  readonly filtered: number
  readonly snapshot?: SnapshotPart
  readonly replacesPartition?: boolean
  readonly replays?: readonly LoadId[]
  /** The load with which replayed records first came. */
  readonly rank?: LoadId
  readonly partition: string
  /** Version of the position that the extraction started from. */
  readonly expectedVersion: number
  /** What is stored as the position when the load takes effect. */
  readonly position: JsonValue
  readonly stagedAt: string
}

/** Name of the object that makes a staged load complete: it is put last. */
const manifestName = 'load.json'

/** Name of the object that says that a staged load will never be applied. */
const abandonedName = 'abandoned.json'

/** Folder of a load in the lake: source, stream, day, load. */
export function loadFolder(source: string, stream: string, id: LoadId): string {
  const day = new Date(Number(id) / 1000).toISOString().slice(0, 10)
  return `${streamFolder(source, stream)}${day}/${id}`
}

function streamFolder(source: string, stream: string): string {
  return `${encodeURIComponent(source)}/${encodeURIComponent(stream)}/`
}

/** Puts the manifest of a load whose files are in the lake: from now on the load is complete. */
export async function sealStagedLoad(lake: Lake, load: StagedLoad): Promise<void> {
  const key = `${loadFolder(load.source, load.stream, load.id)}/${manifestName}`
  const isNew = await lake.putIfAbsent(key, Buffer.from(JSON.stringify(load)))
  if (isNew) return
  throw new CaudalError({
    code: 'CAUDAL_LAKE_DOUBLE_LOAD',
    message: `The lake already has a load ${load.id} of ${load.source}.${load.stream} (${key}). Nothing was changed.`,
    hint: 'Two projects share one lake, or the clock was set back far: give each target a lake of its own.',
    context: { key },
  })
}

/** Records that a complete staged load will never be applied, and why. */
export async function abandonStagedLoad(lake: Lake, load: StagedLoad, reason: string): Promise<void> {
  const key = `${loadFolder(load.source, load.stream, load.id)}/${abandonedName}`
  await lake.putIfAbsent(key, Buffer.from(JSON.stringify({ reason, abandonedAt: new Date().toISOString() })))
}

/**
 * The complete staged loads that neither took effect nor were abandoned, oldest first. Loads of a stream take effect in the order of their ids,
 * so only what is newer than its newest one is looked at: the cost does not grow with the lake.
 * @param newest the newest load of each stream that took effect
 * @param only the source to look at; all when absent
 */
export async function listUnsettledLoads(
  lake: Lake,
  newest: readonly { readonly source: string; readonly stream: string; readonly load: LoadId }[],
  only?: string,
): Promise<StagedLoad[]> {
  const settled = new Map(
    newest.map(({ source, stream, load }) => [
      streamFolder(source, stream),
      loadFolder(source, stream, load),
    ]),
  )
  const keys: string[] = []
  const sources = only === undefined ? await lake.folders('') : [encodeURIComponent(only)]
  for (const source of sources) {
    for (const stream of await lake.folders(`${source}/`)) {
      const prefix = `${source}/${stream}/`
      keys.push(...(await unsettledManifests(lake, prefix, settled.get(prefix))))
    }
  }
  const loads = await Promise.all(keys.map((key) => readManifest(lake, key)))
  return loads.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

async function unsettledManifests(
  lake: Lake,
  prefix: string,
  settled: string | undefined,
): Promise<string[]> {
  const manifests = new Map<string, string>()
  // The keys of the settled load end before its folder's name with `0`, the first character above `/`.
  for await (const { key } of lake.list(prefix, settled === undefined ? undefined : `${settled}0`)) {
    const slash = key.lastIndexOf('/')
    const name = key.slice(slash + 1)
    if (name === manifestName && !manifests.has(key.slice(0, slash))) manifests.set(key.slice(0, slash), key)
    if (name === abandonedName) manifests.set(key.slice(0, slash), '')
  }
  return [...manifests.values()].filter((key) => key !== '')
}

/** A complete staged load by its id. @throws CaudalError `CAUDAL_LAKE_NOT_FOUND`. */
export async function readStagedLoad(
  lake: Lake,
  source: string,
  stream: string,
  id: LoadId,
): Promise<StagedLoad> {
  return readManifest(lake, `${loadFolder(source, stream, id)}/${manifestName}`)
}

async function readManifest(lake: Lake, key: string): Promise<StagedLoad> {
  const load = JSON.parse(Buffer.from(await lake.get(key)).toString('utf8')) as StagedLoad
  if (load.format === 1) return load
  throw new CaudalError({
    code: 'CAUDAL_LAKE_NEWER',
    message: `${key} was staged by a newer Caudal (format ${String(load.format)}; this one knows 1). Nothing was applied.`,
    hint: 'Upgrade: npm install caudal@latest.',
    context: { key },
  })
}
