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

/** Name of the object that records that the files of a load were removed. */
export const retiredName = 'retired.json'

/** Day of a load, UTC. */
export function loadDay(id: LoadId): string {
  return new Date(Number(id) / 1000).toISOString().slice(0, 10)
}

/** Folder of a load in the lake: source, stream, day, load. */
export function loadFolder(source: string, stream: string, id: LoadId): string {
  return `${streamFolder(source, stream)}${loadDay(id)}/${id}`
}

/** Whether the complete read that the load is part of takes the place of the table. */
export function fillsTable(load: Pick<StagedLoad, 'disposition' | 'deletes'>): boolean {
  return load.disposition === 'replace' || load.deletes === 'full re-sync'
}

/** Folder of a stream in the lake. */
export function streamFolder(source: string, stream: string): string {
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

/** A complete staged load with what is left of it. */
export interface LakeLoad {
  readonly load: StagedLoad
  /** Its files that are not in the lake any more: removed by retention, or lost. */
  readonly missing: readonly StagedFile[]
  /** Whether retention removed them, or began to: the load took effect before. */
  readonly isRetired: boolean
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
): Promise<LakeLoad[]> {
  const settled = new Map(
    newest.map(({ source, stream, load }) => [
      streamFolder(source, stream),
      loadFolder(source, stream, load),
    ]),
  )
  const loads: LakeLoad[] = []
  const sources = only === undefined ? await lake.folders('') : [encodeURIComponent(only)]
  for (const source of sources) {
    for (const stream of await lake.folders(`${source}/`)) {
      const prefix = `${source}/${stream}/`
      loads.push(...(await listStreamLoads(lake, prefix, settled.get(prefix))))
    }
  }
  return loads.toSorted((a, b) => (a.load.id < b.load.id ? -1 : 1))
}

/** The complete loads of a stream's folder that were not abandoned, oldest first; those after a load's folder when one is given. */
export async function listStreamLoads(lake: Lake, prefix: string, after?: string): Promise<LakeLoad[]> {
  const names = new Map<string, Set<string>>()
  // The keys of a load end before its folder's name with `0`, the first character above `/`.
  for await (const { key } of lake.list(prefix, after === undefined ? undefined : `${after}0`)) {
    const slash = key.lastIndexOf('/')
    const folder = key.slice(0, slash)
    const known = names.get(folder) ?? new Set()
    names.set(folder, known.add(key.slice(slash + 1)))
  }
  const complete = [...names].filter(([, found]) => found.has(manifestName) && !found.has(abandonedName))
  return Promise.all(
    complete.map(async ([folder, found]) => {
      const load = await readManifest(lake, `${folder}/${manifestName}`)
      const missing = load.files.filter((file) => !found.has(file.key.slice(folder.length + 1)))
      return { load, missing, isRetired: found.has(retiredName) }
    }),
  )
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
