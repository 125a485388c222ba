import type { Command } from './command.ts'

/** A command's line in the help, and how its module is imported. */
export interface CommandEntry {
  readonly summary: string
  load(): Promise<Command>
}

/** The commands by name. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  init: {
    summary: 'Begin a project in a new folder.',
    load: async () => (await import('./commands/init.ts')).init,
  },
  dev: {
    summary: 'Run, watch the project, reload, and serve the console.',
    load: async () => (await import('./commands/dev.ts')).dev,
  },
  serve: {
    summary: 'Run the schedules and serve the console.',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  plan: {
    summary: 'Show what a run would do.',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  run: {
    summary: 'Read the sources, build the models, run the checks.',
    load: async () => (await import('./commands/run.ts')).run,
  },
  backfill: {
    summary: 'Build a range of incremental models again.',
    load: async () => (await import('./commands/run.ts')).backfill,
  },
  check: {
    summary: 'Run the checks on what is there.',
    load: async () => (await import('./commands/run.ts')).check,
  },
  replay: {
    summary: 'Load dead letters again after a fix.',
    load: async () => (await import('./commands/run.ts')).replay,
  },
  reset: {
    summary: 'Forget how far a stream was read.',
    load: async () => (await import('./commands/run.ts')).reset,
  },
  rebuild: {
    summary: 'Make the warehouse anew from the lake alone.',
    load: async () => (await import('./commands/rebuild.ts')).rebuild,
  },
  verify: {
    summary: 'Prove the project without data: every column, up to the tile.',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  typegen: {
    summary: 'Record the schemas of the sources and write caudal-types.ts.',
    load: async () => (await import('./commands/typegen.ts')).typegen,
  },
  test: {
    summary: 'Run the model tests: given rows, expected rows.',
    load: async () => (await import('./commands/test.ts')).test,
  },
  lineage: {
    summary: 'Trace a column from source field to tile, and what breaks without it.',
    load: async () => (await import('./commands/lineage.ts')).lineage,
  },
  cancel: {
    summary: 'Cancel a run.',
    load: async () => (await import('./commands/cancel.ts')).cancel,
  },
  status: {
    summary: 'Show freshness, reconciliation, dead letters and disk use.',
    load: async () => (await import('./commands/status.ts')).status,
  },
  query: {
    summary: 'Ask the warehouse in SQL.',
    load: async () => (await import('./commands/query.ts')).query,
  },
  preview: {
    summary: 'Show the first records of a stream; load nothing.',
    load: async () => (await import('./commands/source.ts')).preview,
  },
  'source check': {
    summary: 'Show what a source lets us read.',
    load: async () => (await import('./commands/source.ts')).sourceCheck,
  },
  'keys create': {
    summary: 'Make a key with which events may be sent.',
    load: async () => (await import('./commands/keys.ts')).keysCreate,
  },
  'keys list': {
    summary: 'Show the keys with which events may be sent.',
    load: async () => (await import('./commands/keys.ts')).keysList,
  },
  'keys revoke': {
    summary: 'Take such a key back.',
    load: async () => (await import('./commands/keys.ts')).keysRevoke,
  },
  doctor: {
    summary: 'Look for what would stop Caudal on this machine.',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
}
