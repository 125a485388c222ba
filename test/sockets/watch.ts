import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** An end of the internet that a process of the tree had a socket to, or listened on. */
export interface Seen {
  readonly pid: number
  readonly command: string
  readonly protocol: string
  readonly local: string
  readonly remote: string
  readonly isListening: boolean
}

const tables = ['tcp', 'tcp6', 'udp', 'udp6'] as const

/** Watches the sockets of a process and of all that it starts, until it is stopped. */
export class SocketWatch {
  readonly #root: number
  readonly #seen = new Map<string, Seen>()
  #isStopped = false
  #looks = 0
  readonly #done: Promise<void>

  constructor(root: number) {
    this.#root = root
    this.#done = this.#watch()
  }

  /** Ends the watch. @returns every socket that was seen, and how often was looked. */
  async stop(): Promise<{ readonly seen: readonly Seen[]; readonly looks: number }> {
    this.#isStopped = true
    await this.#done
    return { seen: [...this.#seen.values()], looks: this.#looks }
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      const pids = await familyOf(this.#root)
      const sockets = await internetSockets()
      for (const pid of pids) await this.#look(pid, sockets)
      this.#looks++
      await pause(10)
    }
  }

  async #look(pid: number, sockets: ReadonlyMap<string, Omit<Seen, 'pid' | 'command'>>): Promise<void> {
    for (const inode of await socketInodes(pid)) {
      const socket = sockets.get(inode)
      if (socket === undefined) continue
      const key = `${pid} ${socket.protocol} ${socket.local} ${socket.remote}`
      if (!this.#seen.has(key)) this.#seen.set(key, { pid, command: await commandOf(pid), ...socket })
    }
  }
}

/** Whether a socket stays on this machine. */
export function isLocal({
  local,
  remote,
  isListening,
}: Pick<Seen, 'local' | 'remote' | 'isListening'>): boolean {
  return isLoopback(isListening ? local : remote) || (!isListening && isNowhere(remote))
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address.startsWith('::1:') || address.startsWith('::ffff:127.')
}

function isNowhere(address: string): boolean {
  return /^(0\.0\.0\.0|::):0$/.test(address)
}

/** A process and its descendants. */
async function familyOf(root: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (stat !== '') parents.set(Number(name), parent)
  }
  const family = new Set([root])
  for (let size = 0; size !== family.size;) {
    size = family.size
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid)
  }
  return [...family]
}

/** Inode → socket, of every internet socket of this network. */
async function internetSockets(): Promise<Map<string, Omit<Seen, 'pid' | 'command'>>> {
  const found = new Map<string, Omit<Seen, 'pid' | 'command'>>()
  for (const protocol of tables) {
    const text = await readFile(`/proc/net/${protocol}`, 'utf8').catch(() => '')
    for (const line of text.split('\n').slice(1)) {
      const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/)
      if (inode === '' || inode === '0') continue
      const isListening = state === '0A'
      found.set(inode, { protocol, local: addressOf(local), remote: addressOf(remote), isListening })
    }
  }
  return found
}

/** `0100007F:1F90` → `127.0.0.1:8080`: words of four bytes, the last byte first. */
function addressOf(hex: string): string {
  const [address = '', port = '0'] = hex.split(':')
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)),
  )
  const number = Number.parseInt(port, 16)
  if (bytes.length === 4) return `${bytes.join('.')}:${number}`
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255)
    return `::ffff:${bytes.slice(12).join('.')}:${number}`
  if (bytes.every((byte) => byte === 0)) return `:::${number}`
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return `::1:${number}`
  return `[${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}]:${number}`
}

async function socketInodes(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
}

async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.split('\0').join(' ').trim()
}
