import { startProject, targetOf, type StartedProject } from '@caudal/engine'
import { claimants, findSocket } from '@caudal/server'
import { isSecretReference, toErrorReport, type Manifest, type SecretReference } from '@caudal/spec'
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import type { Command, CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatBytes } from '../format.ts'
import { release } from '../release.ts'
import { warehousePath } from '../open-session.ts'

interface Finding {
  readonly what: string
  readonly isGood: boolean
  readonly note: string
}

const nodeMin = 24
const freeBytesMin = 1_000_000_000

/** `caudal doctor`: looks at what would stop Caudal here, and says the mend. It opens and changes nothing. */
export const doctor: Command = {
  usage: '',
  options: {},
  run: async (context) => {
    const findings = [...(await machine(context)), ...(await project(context))]
    const isGood = findings.every((finding) => finding.isGood)
    context.output.json({ isGood, findings })
    for (const finding of findings) {
      const mark = finding.isGood ? context.output.green('✓') : context.output.red('✗')
      context.output.line(`${mark} ${finding.what.padEnd(12)} ${finding.note}`)
    }
    return isGood ? exitCodes.ok : exitCodes.failed
  },
}

async function machine({ projectPath }: CommandContext): Promise<Finding[]> {
  const { node } = process.versions
  const isNewNode = Number(node.split('.')[0]) >= nodeMin
  return [
    { what: 'caudal', isGood: true, note: release },
    {
      what: 'node',
      isGood: isNewNode,
      note: `${node} on ${process.platform} ${process.arch}${isNewNode ? '' : `: install Node ${nodeMin} or newer`}`,
    },
    disk(projectPath),
    folder('folder', projectPath),
    folder('control', path.join(projectPath, '.caudal')),
    await port(4700),
  ]
}

async function project(context: CommandContext): Promise<Finding[]> {
  let started: StartedProject
  try {
    started = await startProject(context.projectPath, true)
  } catch (error) {
    const { message, hint } = toErrorReport(error)
    return [{ what: 'project', isGood: false, note: hint === undefined ? message : `${message} ${hint}` }]
  }
  await started.worker.close()
  const { manifest } = started
  const { sources, models, dashboards } = manifest
  const counts = `${manifest.name}: ${sources.length} sources, ${models.length} models, ${dashboards.length} dashboards`
  return [
    ...manifest.problems.map(({ message }) => ({ what: 'project', isGood: false, note: message })),
    ...(manifest.problems.length === 0 ? [{ what: 'project', isGood: true, note: counts }] : []),
    ...secrets(manifest),
    ...(await target(context, manifest)),
  ]
}

async function target(context: CommandContext, manifest: Manifest): Promise<Finding[]> {
  try {
    const { name, warehouse, lake } = targetOf(manifest, context.target)
    const file = warehousePath(warehouse, context.projectPath)
    const lakePath = lake.options['path']
    return [
      ...(path.isAbsolute(file) ? [folder(`${name} store`, path.dirname(file)), sized(file)] : []),
      ...(typeof lakePath === 'string'
        ? [folder(`${name} lake`, path.resolve(context.projectPath, lakePath))]
        : []),
      await owner(file),
    ]
  } catch (error) {
    return [{ what: 'target', isGood: false, note: toErrorReport(error).message }]
  }
}

async function owner(warehouse: string): Promise<Finding> {
  const pids = claimants(warehouse).join(', ')
  const isHeld = (await findSocket(warehouse)) !== undefined
  const note = isHeld
    ? `the process ${pids} has the warehouse open; commands attach to it`
    : pids === ''
      ? 'no process has the warehouse open'
      : `the process ${pids} opens or closes the warehouse`
  return { what: 'owner', isGood: true, note }
}

/** Its size alone: whoever opened and closed the file would take its lock from an owner in this process. */
function sized(file: string): Finding {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  return { what: 'warehouse', isGood: true, note: size === undefined ? 'not there yet' : formatBytes(size) }
}

function secrets(manifest: Manifest): Finding[] {
  const users: (readonly [string, SecretReference])[] = manifest.sources.flatMap((source) =>
    source.secrets.map((secret) => [`source ${source.name}`, secret] as const),
  )
  const { alertWebhook } = manifest
  if (isSecretReference(alertWebhook)) users.push(['alertWebhook', alertWebhook])
  return users.map(([user, { kind, name }]) => {
    const isSet =
      kind === 'env' ? (process.env[name] ?? '') !== '' : existsSync(path.resolve(manifest.path, name))
    const mend =
      kind === 'env' ? 'is not set: put it into the environment or .env' : 'is not there: create the file'
    return { what: 'secret', isGood: isSet, note: `${name} of ${user} ${isSet ? 'is there' : mend}` }
  })
}

function disk(folderPath: string): Finding {
  const { bavail, bsize } = statfsSync(folderPath)
  const free = bavail * bsize
  const mend = free > freeBytesMin ? '' : ': free some before a large load'
  return { what: 'disk', isGood: free > freeBytesMin, note: `${formatBytes(free)} free${mend}` }
}

/** Whether the folder, or the nearest one above it that exists, can be written. */
function folder(what: string, wanted: string): Finding {
  let nearest = wanted
  while (!existsSync(nearest) && path.dirname(nearest) !== nearest) nearest = path.dirname(nearest)
  try {
    accessSync(nearest, constants.W_OK)
    return { what, isGood: true, note: `${wanted} can be written` }
  } catch {
    return {
      what,
      isGood: false,
      note: `${nearest} cannot be written by this user: chmod u+w ${JSON.stringify(nearest)}`,
    }
  }
}

function port(number: number): Promise<Finding> {
  const what = `port ${number}`
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () =>
      resolve({ what, isGood: true, note: `taken: caudal dev --port ${number + 1}` }),
    )
    server.listen(number, '127.0.0.1', () =>
      server.close(() => resolve({ what, isGood: true, note: 'free' })),
    )
  })
}
