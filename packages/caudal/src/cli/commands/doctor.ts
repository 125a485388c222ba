import { accessSync, constants, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { startProject, targetOf } from '@caudal/engine'
import { findSocket } from '@caudal/server'
import { isSecretReference, toErrorReport } from '@caudal/spec'
import type { Command, CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { release } from '../release.ts'
import { warehousePath } from '../session.ts'

interface Finding {
  readonly what: string
  readonly isGood: boolean
  readonly note: string
}

/** `caudal doctor`: looks at what would stop Caudal here, and says the mend. */
export const doctor: Command = {
  usage: '',
  options: {},
  run: async (context) => {
    const findings = [...(await machine(context)), ...(await project(context))]
    context.output.json(findings)
    for (const { what, isGood, note } of findings) {
      context.output.line(
        `${isGood ? context.output.green('✓') : context.output.red('✗')} ${what.padEnd(12)} ${note}`,
      )
    }
    return findings.every((finding) => finding.isGood) ? exitCodes.ok : exitCodes.failed
  },
}

async function machine(context: CommandContext): Promise<Finding[]> {
  const { bavail, bsize } = statfsSync(context.projectPath)
  const freeGb = (bavail * bsize) / 1e9
  return [
    { what: 'caudal', isGood: true, note: release },
    {
      what: 'node',
      isGood: Number(process.versions.node.split('.')[0]) >= 24,
      note: `${process.versions.node} on ${process.platform} ${process.arch}`,
    },
    {
      what: 'disk',
      isGood: freeGb > 1,
      note: `${freeGb.toFixed(1)} GB free${freeGb > 1 ? '' : ': free some before a large load'}`,
    },
    { what: 'folder', ...writable(context.projectPath) },
    { what: 'port 4700', ...(await portFree(4700)) },
  ]
}

async function project(context: CommandContext): Promise<Finding[]> {
  try {
    const started = await startProject(context.projectPath, true)
    await started.worker.close()
    const { manifest } = started
    const target = targetOf(manifest, context.target)
    const held = await findSocket(warehousePath(target.warehouse, context.projectPath))
    const secrets = manifest.sources.flatMap((source) =>
      source.secrets.map((secret) => ({ source: source.name, secret })),
    )
    return [
      ...manifest.problems.map((problem) => ({ what: 'project', isGood: false, note: problem.message })),
      ...(manifest.problems.length === 0
        ? [
            {
              what: 'project',
              isGood: true,
              note: `${manifest.name}: ${manifest.sources.length} sources, ${manifest.models.length} models, ${manifest.dashboards.length} dashboards`,
            },
          ]
        : []),
      ...secrets
        .filter(({ secret }) => isSecretReference(secret) && secret.kind === 'env')
        .map(({ source, secret }) => ({
          what: 'secret',
          isGood: process.env[secret.name] !== undefined,
          note: `${secret.name} of source ${source}${process.env[secret.name] === undefined ? ' is not set' : ' is set'}`,
        })),
      {
        what: 'owner',
        isGood: true,
        note:
          held === undefined
            ? 'no process has the warehouse open'
            : 'a process has the warehouse open; commands attach to it',
      },
    ]
  } catch (error) {
    return [{ what: 'project', isGood: false, note: toErrorReport(error).message }]
  }
}

function writable(folder: string): Omit<Finding, 'what'> {
  try {
    accessSync(folder, constants.W_OK)
    return { isGood: true, note: `${folder} can be written` }
  } catch {
    return { isGood: false, note: `${folder} cannot be written by this user` }
  }
}

function portFree(port: number): Promise<Omit<Finding, 'what'>> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve({ isGood: true, note: 'taken: use --port with another number' }))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve({ isGood: true, note: 'free' })))
  })
}
