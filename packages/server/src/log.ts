import { redactText } from '@caudal/spec'
import { pino, stdSerializers, type DestinationStream, type Level, type Logger } from 'pino'

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
  return pino(
    {
      level: options.level ?? 'info',
      redact: {
        paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
        censor: '[redacted]',
      },
      serializers: { err: publicError },
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

function publicError(error: Error): object {
  const { type, message, stack } = stdSerializers.err(error)
  return { type, message: redactText(message), stack: redactText(stack) }
}
