#!/usr/bin/env node
// Plain JavaScript, so that an older Node reaches the message below.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `Caudal needs Node 24 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Start it through npm (npx caudal …, npm run …): on Linux the package brings its own Node 24.\n' +
      'Elsewhere install Node 24 from https://nodejs.org.\n',
  )
  process.exit(1)
}
const arguments_ = process.argv.slice(2)
if (arguments_[0] === '--version' || arguments_[0] === '-v') {
  const { readFileSync } = await import('node:fs')
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`${version}\n`)
} else {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  process.env['UV_THREADPOOL_SIZE'] ??= '8'
  const { main } = await import('caudal/cli')
  process.exitCode = await main(arguments_)
}
