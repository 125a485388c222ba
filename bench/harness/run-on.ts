import { setTimeout as sleep } from 'node:timers/promises'

/** Runs something on a server; resolves at its end. @throws Error when it does not succeed. */
export async function runOn(
  url: string,
  request: { readonly select: readonly string[]; readonly full?: boolean },
): Promise<void> {
  const response = await fetch(`${url}/api/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  const what = request.select.join(' ')
  if (!response.ok) throw new Error(`run of ${what}: ${await response.text()}`)
  const { id } = (await response.json()) as { id: string }
  for (;;) {
    const run = (await (await fetch(`${url}/api/v1/runs/${id}`)).json()) as { state: string }
    if (run.state === 'succeeded') return
    if (run.state !== 'queued' && run.state !== 'running')
      throw new Error(`run of ${what}: ${JSON.stringify(run)}`)
    await sleep(50)
  }
}
