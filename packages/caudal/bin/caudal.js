#!/usr/bin/env node
// Plain JavaScript, so that an older Node gets as far as starting the Node 24 that came with the package.
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'

const parameters = process.argv.slice(2)

if (Number(process.versions.node.split('.')[0]) < 24) {
  await runWithOwnNode()
} else if (parameters[0] === '--version' || parameters[0] === '-v') {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`${version}\n`)
} else {
  const { enableCompileCache } = await import('node:module')
  const { directory } = enableCompileCache()
  // The worker process shares the cache; its folder is named after the version of Node below this one.
  if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= dirname(directory)
  process.env['UV_THREADPOOL_SIZE'] ??= '8'
  const { main } = await import('caudal/cli')
  process.exitCode = await main(parameters)
}

/** On Linux Node 24 is an optional dependency; elsewhere the message says what to do. */
async function runWithOwnNode() {
  const { createRequire } = await import('node:module')
  let node
  try {
    node = createRequire(import.meta.url).resolve(`node-linux-${process.arch}/bin/node`)
  } catch {
    process.stderr.write(
      `Caudal needs Node 24 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
        'On Linux the package brings its own as an optional dependency, which was left out: npm install --include=optional.\n' +
        'Elsewhere install Node 24 from https://nodejs.org.\n',
    )
    process.exitCode = 1
    return
  }
  const { spawn } = await import('node:child_process')
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both processes; the others reach only this one.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
