// The one door of the tools, in plain JavaScript so that an older Node reaches the message below: `node tools/run.js <tool> …`.
const [tool = '', ...rest] = process.argv.slice(2)
const major = Number(process.versions.node.split('.')[0])

if (major < 24) {
  process.stderr.write(
    `Caudal's tools need Node 24 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'On Linux (x64, arm64): `npm ci`, then `npm run …`. It brings Node 24 as an optional dependency; if it was\n' +
      'left out, run `npm ci --include=optional`. Elsewhere: install Node 24 from https://nodejs.org and try again.\n',
  )
  process.exit(1)
}

process.argv = [process.argv[0], tool, ...rest]
const { main } = await import(`./${tool}.ts`)
process.exitCode = await main(rest)
