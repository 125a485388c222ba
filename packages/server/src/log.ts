import { createRequire } from 'node:module'
import { redactText } from '@caudal/spec'
import type * as Pino from 'pino'
import type { DestinationStream, Level, Logger } from 'pino'

/** Loaded with the first log: a command that nobody attaches to has none. */
const pinoOf = (): typeof Pino => createRequire(import.meta.url)('pino') as typeof Pino

/** How the log is written. */
export interface LoggerOptions {
  /** Default: `info`. */
  readonly level?: Level | 'silent'
  /** Default: standard error, so that a command's output stays clean. */
  readonly destination?: DestinationStream
}

const secretKeys = ['authorization', 'cookie', 'password', 'secret', 'token', 'apiKey', 'api_key']

/**
 * A pino logger (JSON lines) that redacts: fields with a secret's name up to two levels deep, and in messages and errors whatever looks
 * like a secret.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { pino, stdSerializers } = pinoOf()
  return pino(
    {
      level: options.level ?? 'info',
      redact: {
        paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
        censor: '[redacted]',
      },
      serializers: { err: (error: Error) => publicError(stdSerializers.err(error)) },
      hooks: {
        logMethod(args, method) {
          const safe = args.map((part: unknown) => (typeof part === 'string' ? redactText(part) : part))
          method.apply(this, safe as Parameters<typeof method>)
        },
      },
    },
    options.destination ?? pino.destination(2),
  )
}

function publicError({ type, message, stack }: Pino.SerializedError): object {
  return { type, message: redactText(message), stack: redactText(stack) }
}
