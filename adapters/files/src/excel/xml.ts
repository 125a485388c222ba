import type { Readable } from 'node:stream'
import sax from 'sax'

/** What is told while an XML document is read. Names come without their prefix. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void
  text?(text: string): void
  close?(name: string): void
  /** After each chunk: the place to wait for what takes what was read. */
  pause?(): Promise<void>
}

/** Reads an XML document chunk by chunk. @throws Error when it is not well formed. */
export async function readXml(stream: Readable, handler: XmlHandler): Promise<void> {
  const xml = sax.parser(true, { trim: false })
  const decoder = new TextDecoder()
  let failure: Error | undefined
  Object.assign(xml, {
    onerror: (error: Error) => {
      failure ??= error
    },
    onopentag: ({ name, attributes }: sax.Tag) => handler.open?.(bare(name), attributes),
    ontext: (text: string) => handler.text?.(text),
    oncdata: (text: string) => handler.text?.(text),
    onclosetag: (name: string) => handler.close?.(bare(name)),
  })
  for await (const chunk of stream) {
    xml.write(decoder.decode(chunk as Buffer, { stream: true }))
    if (failure !== undefined) throw failure
    await handler.pause?.()
  }
  xml.close()
  if (failure !== undefined) throw failure
}

function bare(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
