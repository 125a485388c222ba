import { CaudalError, type Column, type JsonValue } from '@caudal/spec'
import { numberOption, type Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openSession } from '../open-session.ts'

/** `caudal query`: one read-only statement, through the owner. */
export const query: Command = {
  usage: '"<sql>" [--limit n]',
  options: { limit: { type: 'string', value: 'n', help: 'Rows to show. Default: 100.' } },
  run: async (context) => {
    const [sql] = context.positionals
    if (sql === undefined) {
      throw new CaudalError({
        code: 'CAUDAL_CLI_ARGUMENT',
        message: 'caudal query needs a statement. Nothing was asked.',
        hint: 'caudal query "SELECT * FROM crm.deals"',
      })
    }
    const limit = numberOption(context, 'limit', 100)
    const session = await openSession(context)
    try {
      const { columns, rows, isCut } = await take(session.service.query(sql, {}, context.signal), limit)
      const names = columns.map((column) => column.name)
      context.output.json(
        rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
      )
      context.output.table(names, rows)
      if (isCut) context.output.line(context.output.dim(`The first ${limit} rows; --limit shows more.`))
      return exitCodes.ok
    } finally {
      await session.close()
    }
  },
}

async function take(
  chunks: AsyncIterable<{
    columns: readonly Column[]
    rows: number
    values: readonly (readonly JsonValue[])[]
  }>,
  limit: number,
): Promise<{ columns: readonly Column[]; rows: JsonValue[][]; isCut: boolean }> {
  let columns: readonly Column[] = []
  const rows: JsonValue[][] = []
  for await (const chunk of chunks) {
    columns = chunk.columns
    for (let row = 0; row < chunk.rows; row++) {
      if (rows.length === limit) return { columns, rows, isCut: true }
      rows.push(chunk.values.map((column) => column[row] ?? null))
    }
  }
  return { columns, rows, isCut: false }
}
