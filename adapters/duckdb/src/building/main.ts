import process from 'node:process'
import os from 'node:os'
import { Database } from '../database.ts'
import { lit } from '../sql.ts'
import { notCopied, resultTable, type BuildJob, type BuildWord } from './job.ts'

/*
 * The process that makes one long build: it has the scratch file alone, and lets everything else on the machine go first. The priority is
 * lowered before the engine starts its threads, which take it over.
 */

os.setPriority(os.constants.priority.PRIORITY_LOW)
process.on('disconnect', () => process.exit(0))
process.once('message', (job: BuildJob) => {
  void perform(job).then((word) => process.send?.(word, () => process.exit(0)))
})
say({ kind: 'started', pid: process.pid })

function say(word: BuildWord): void {
  process.send?.(word)
}

async function perform({ input, output, relations, sql }: BuildJob): Promise<BuildWord> {
  let database: Database | undefined
  try {
    database = await Database.open(input, '/')
    const { writer } = database
    for (const statement of relations) await writer.run(statement).catch(() => undefined)
    const isFit = await writer.run(`EXPLAIN ${sql}`).then(
      () => true,
      () => false,
    )
    if (!isFit) return { kind: 'unfit' }
    await writer.run(`ATTACH ${lit(output)} AS _caudal_output`)
    await writer.run(`CREATE TABLE _caudal_output.main.${resultTable} AS ${sql}`)
    await writer.run('DETACH _caudal_output')
    return { kind: 'built' }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return message.includes(notCopied) ? { kind: 'unfit' } : { kind: 'failed', message }
  } finally {
    database?.close()
  }
}
