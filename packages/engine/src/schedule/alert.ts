import { CaudalError, redactText, type ErrorReport, type Setting } from '@caudal/spec'
import { resolveSetting } from '../worker/settings.ts'
import type { Clock } from './clock.ts'

/** What is posted about a schedule. */
export interface ScheduleAlert {
  /** `late`: the run should be over, or should have been started before; `recovered`: the first success after an alert. */
  readonly kind: 'failed' | 'late' | 'recovered'
  readonly source: string
  /** As the project writes it. */
  readonly schedule: string
  readonly at: string
  readonly run?: string
  /** The first error of the run. */
  readonly error?: ErrorReport
  /** When it is tried again, before the next tick. */
  readonly retryAt?: string
}

/** Where alerts go. */
export interface AlertPosterOptions {
  readonly project: string
  readonly target: string
  readonly projectPath: string
  /** The webhook of the newest version of the project; `undefined`: none. */
  readonly webhook: () => Setting | undefined
  readonly clock: Clock
  readonly log: (message: string, facts: Readonly<Record<string, string>>) => void
}

/** Pauses before the second and the third attempt. */
const pausesMs = [2_000, 10_000]
const timeoutMs = 10_000

/**
 * Posts alerts to the project's webhook as JSON: `kind`, `project`, `target`, `source`, `schedule`, `run`, `at`, `retryAt`, `error` with
 * `code`, `message` and `hint`, and `text`, the whole in a line, which chat systems show. The address is a secret: it is in no message.
 * @returns a function that resolves when the alert was taken or given up after three attempts.
 */
export function createAlertPoster(options: AlertPosterOptions): (alert: ScheduleAlert) => Promise<void> {
  return async (alert) => {
    const webhook = options.webhook()
    if (webhook === undefined) return
    try {
      await post(
        resolveSetting(webhook, options.projectPath, 'alertWebhook'),
        bodyOf(alert, options),
        options.clock,
      )
    } catch (error) {
      options.log('An alert could not be posted to the webhook', {
        source: alert.source,
        kind: alert.kind,
        reason: reasonOf(error),
      })
    }
  }
}

async function post(url: string, body: string, clock: Clock): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer.body?.cancel()
      if (answer.ok) return
      throw new Error(`the webhook answered ${answer.status}`)
    } catch (error) {
      const pauseMs = pausesMs[attempt]
      if (pauseMs === undefined) throw error
      await new Promise<void>((resolve) => clock.wake(new Date(clock.now().getTime() + pauseMs), resolve))
    }
  }
}

function bodyOf(alert: ScheduleAlert, { project, target }: AlertPosterOptions): string {
  const { error, ...facts } = alert
  const published =
    error === undefined
      ? undefined
      : {
          code: error.code,
          message: redactText(error.message),
          ...(error.hint === undefined ? {} : { hint: redactText(error.hint) }),
        }
  const words = { failed: 'failed', late: 'is late', recovered: 'is well again' }[alert.kind]
  const text = `${project} (${target}): the run of ${alert.source} ${words}${published === undefined ? '' : `. ${published.message}`}`
  return JSON.stringify({
    project,
    target,
    ...facts,
    ...(published === undefined ? {} : { error: published }),
    text,
  })
}

/** Without the address, which `fetch` puts into its messages. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  const isOurs = CaudalError.isInstance(error) || error.message.startsWith('the webhook answered')
  return isOurs ? error.message : error.name
}
