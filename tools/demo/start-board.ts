import { join } from 'node:path'
import { serveCompany, writeFiles } from '@caudal/simulator'
import { startOwner } from './owner-process.ts'

/** How a company's board is started. */
export interface BoardOptions {
  /** The project: a copy of `examples/sales`, or the example itself. */
  readonly folder: string
  /** Records of the company, about. */
  readonly records: number
  /** Time between two things that happen in the company. */
  readonly sellEveryMs: number
}

/** A board that is served. Disposed of, company and owner end. */
export interface Board extends AsyncDisposable {
  readonly url: string
  /** The company behind it. */
  readonly company: Awaited<ReturnType<typeof serveCompany>>
  /** The exit code: 0 when it was ended by the signal, 1 when the owner ended by itself. */
  readonly ended: Promise<number>
}

/** Makes a company that sells, and starts `caudal dev` on the project. Resolves when the first run has ended well. */
export async function startBoard(options: BoardOptions, signal: AbortSignal): Promise<Board> {
  const { folder, records, sellEveryMs } = options
  const size = { seed: 7, records, now: new Date() }
  await writeFiles({ ...size, folder: join(folder, 'data', 'backoffice') })
  const company = await serveCompany(size)
  try {
    const environment = { CRM_URL: `${company.url}/v1`, CRM_TOKEN: company.token }
    const owner = await startOwner(folder, environment, signal)
    company.sell({ everyMs: sellEveryMs })
    return {
      url: `${owner.url}/dashboards/sales`,
      company,
      ended: owner.ended,
      [Symbol.asyncDispose]: async () => {
        await owner.stop()
        await company.close()
      },
    }
  } catch (error) {
    await company.close()
    throw error
  }
}
