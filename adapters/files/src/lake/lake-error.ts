import { CaudalError } from '@caudal/spec'

/** The code that Node gives an error of the file system, for instance `ENOSPC`. */
export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined
}

interface Mend {
  readonly code: string
  readonly why: string
  readonly hint: string
  readonly retryable?: true
}

const permission: Mend = {
  code: 'CAUDAL_LAKE_PERMISSION',
  why: 'this user may not do that there',
  hint: 'Give the user that runs Caudal read and write permission on the folder, or set another `path` for the lake.',
}

const full: Mend = {
  code: 'CAUDAL_LAKE_FULL',
  why: 'the disk is full or the quota is used up',
  hint: 'Free space on that disk (`caudal status` shows what is used), or set another `path` for the lake. Then run again.',
  retryable: true,
}

const readOnly: Mend = {
  code: 'CAUDAL_LAKE_READ_ONLY',
  why: 'the file system is mounted read-only',
  hint: 'Mount it writable, or set another `path` for the lake.',
}

const notAFolder: Mend = {
  code: 'CAUDAL_LAKE_NOT_A_FOLDER',
  why: 'a part of the path is a file',
  hint: 'Set `path` of the lake to a folder, or move that file away.',
}

const unsupported: Mend = {
  code: 'CAUDAL_LAKE_UNSUPPORTED',
  why: 'the file system has no hard links, by which objects appear whole or not at all',
  hint: 'Set `path` of the lake to a folder on a local disk (ext4, xfs, btrfs, apfs, ntfs).',
}

const mends: Readonly<Record<string, Mend>> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: readOnly,
  EACCES: permission,
  EPERM: permission,
  ENOTDIR: notAFolder,
  EEXIST: notAFolder,
  ENOTSUP: unsupported,
  ENOSYS: unsupported,
  EXDEV: unsupported,
}

const other: Mend = {
  code: 'CAUDAL_LAKE_FAILED',
  why: 'the file system refused',
  hint: 'See the cause in the message; `caudal doctor` checks the folder.',
  retryable: true,
}

/** Where a lake failed, and what that means for the data. */
export interface LakeFailure {
  /** What was tried, for instance `write crm/deals/1.ndjson`. */
  readonly action: string
  readonly root: string
  readonly key?: string
  /** What is in the lake now. */
  readonly state: string
}

/** Turns what the file system threw into an error that says what failed, the state of the data, and the mend. */
export function lakeError(thrown: unknown, failure: LakeFailure): CaudalError {
  const errno = errnoOf(thrown)
  const mend = (errno === undefined ? undefined : mends[errno]) ?? other
  const reason = errno ?? (thrown instanceof Error ? thrown.message : String(thrown))
  return new CaudalError({
    code: mend.code,
    message: `The lake in ${failure.root} could not ${failure.action}: ${mend.why} (${reason}). ${failure.state}`,
    hint: mend.hint,
    ...(mend.retryable === undefined ? {} : { retryable: mend.retryable }),
    context: { root: failure.root, ...(failure.key === undefined ? {} : { key: failure.key }), reason },
    cause: thrown,
  })
}
