import {
  CaudalError,
  type AdapterContext,
  type AdapterReference,
  type Lake,
  type Log,
  type LogContext,
  type Warehouse,
} from '@caudal/spec'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

interface AdapterModule {
  openWarehouse?(options: AdapterReference['options'], context: AdapterContext): Promise<Warehouse>
  openLake?(options: AdapterReference['options'], context: AdapterContext): Promise<Lake>
  openLog?(options: AdapterReference['options'], context: LogContext): Promise<Log>
}

/** Opens the warehouse that a target names. */
export async function openWarehouse(
  reference: AdapterReference,
  context: AdapterContext,
): Promise<Warehouse> {
  const { openWarehouse: open } = await importAdapter(reference, context)
  if (open === undefined) throw notOffered(reference, 'warehouse')
  return open(reference.options, context)
}

/** Opens the lake that a target names. */
export async function openLake(reference: AdapterReference, context: AdapterContext): Promise<Lake> {
  const { openLake: open } = await importAdapter(reference, context)
  if (open === undefined) throw notOffered(reference, 'lake')
  return open(reference.options, context)
}

/** Opens the log that a target names. */
export async function openLog(reference: AdapterReference, context: LogContext): Promise<Log> {
  const { openLog: open } = await importAdapter(reference, context)
  if (open === undefined) throw notOffered(reference, 'log')
  return open(reference.options, context)
}

/** Imports the adapter's package: the one that came with Caudal, else the one that the project installed. */
async function importAdapter(reference: AdapterReference, context: AdapterContext): Promise<AdapterModule> {
  try {
    return (await import(reference.module)) as AdapterModule
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  try {
    const resolved = createRequire(path.join(context.projectPath, 'package.json')).resolve(reference.module)
    return (await import(pathToFileURL(resolved).href)) as AdapterModule
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw new CaudalError({
      code: 'CAUDAL_ADAPTER_MISSING',
      message: `The target names the adapter ${reference.module}, which is not installed.`,
      hint: `npm install ${reference.module}`,
      context: { module: reference.module },
      cause: error,
    })
  }
}

function isNotFound(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String(error.code))
  )
}

function notOffered(reference: AdapterReference, kind: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_ADAPTER_KIND',
    message: `${reference.module} is not a ${kind} adapter.`,
    hint: `Name a ${kind} in the target of caudal.config.ts.`,
    context: { module: reference.module },
  })
}
