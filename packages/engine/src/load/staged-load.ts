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
  return `${encodeURIComponent(source)}/${encodeURIComponent(stream)}/${day}/${id}`
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

/** The complete staged loads of the lake that are neither abandoned nor among the given ones, oldest first. */
export async function listStagedLoads(
  lake: Lake,
  without: ReadonlySet<LoadId> = new Set(),
): Promise<StagedLoad[]> {
  const manifests = new Map<LoadId, string>()
  const abandoned = new Set<LoadId>()
  for await (const { key } of lake.list('')) {
    const [id, name] = key.split('/').slice(-2)
    if (id === undefined || without.has(id)) continue
    if (name === manifestName) manifests.set(id, key)
    if (name === abandonedName) abandoned.add(id)
  }
  const loads: StagedLoad[] = []
  for (const [id, key] of [...manifests].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!abandoned.has(id)) loads.push(await readManifest(lake, key))
  }
  return loads
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
