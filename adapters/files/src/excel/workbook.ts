import { CaudalError, suggestion } from '@caudal/spec'
import path from 'node:path'
import type { Archive } from './archive.ts'
import { shapeOfFormat, type NumberShape } from './cell-value.ts'
import { StringStore } from './string-store.ts'
import { readXml } from './xml.ts'

/** What a workbook says of its sheets. */
export interface Workbook {
  readonly is1904: boolean
  readonly sheets: readonly { readonly name: string; readonly member: string }[]
}

/** Reads the list of sheets. @returns `undefined` when the archive is no workbook. */
export async function readWorkbook(archive: Archive): Promise<Workbook | undefined> {
  const workbook = await archive.read('xl/workbook.xml')
  if (workbook === undefined) return undefined
  const members = await readRelations(archive)
  const sheets: { name: string; member: string }[] = []
  let is1904 = false
  await readXml(workbook, {
    open: (name, attributes) => {
      if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '')
      if (name !== 'sheet') return
      const member = members.get(attributes['r:id'] ?? '')
      if (member !== undefined) sheets.push({ name: attributes['name'] ?? '', member })
    },
  })
  return { is1904, sheets }
}

async function readRelations(archive: Archive): Promise<ReadonlyMap<string, string>> {
  const members = new Map<string, string>()
  const relations = await archive.read('xl/_rels/workbook.xml.rels')
  if (relations === undefined) return members
  await readXml(relations, {
    open: (name, { Id: id = '', Target: target = '' }) => {
      if (name !== 'Relationship') return
      members.set(id, target.startsWith('/') ? target.slice(1) : path.posix.join('xl', target))
    },
  })
  return members
}

/** The member of the sheet with the name, or of the first. @throws CaudalError `CAUDAL_FILE_SHEET`. */
export function chooseSheet(workbook: Workbook, wanted: string | undefined, file: string): string {
  const found =
    wanted === undefined ? workbook.sheets[0] : workbook.sheets.find(({ name }) => name === wanted)
  if (found !== undefined) return found.member
  const names = workbook.sheets.map(({ name }) => name)
  throw new CaudalError({
    code: 'CAUDAL_FILE_SHEET',
    message: `${file}: there is no sheet \`${wanted ?? ''}\`; the workbook has ${names.map((name) => `\`${name}\``).join(', ') || 'none'}. Nothing of it was loaded.${suggestion(wanted ?? '', names)}`,
    hint: "Name one of them in the stream: sheet: '…'.",
    context: { file, sheets: names },
  })
}

/** What each cell style shows a number as, by the style's index. */
export async function readStyles(archive: Archive): Promise<readonly NumberShape[]> {
  const shapes: NumberShape[] = []
  const codes = new Map<number, string>()
  let isInCells = false
  const styles = await archive.read('xl/styles.xml')
  if (styles === undefined) return shapes
  await readXml(styles, {
    open: (name, attributes) => {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      if (name === 'cellXfs') isInCells = true
      if (name !== 'xf' || !isInCells) return
      const id = Number(attributes['numFmtId'] ?? 0)
      shapes.push(shapeOfFormat(id, codes.get(id)))
    },
    close: (name) => {
      if (name === 'cellXfs') isInCells = false
    },
  })
  return shapes
}

/** The texts that cells share, in a file of the folder. Phonetic hints are no part of them. */
export async function readSharedStrings(archive: Archive, folder: string): Promise<StringStore> {
  const store = await StringStore.create(path.join(folder, 'strings'))
  const strings = await archive.read('xl/sharedStrings.xml')
  if (strings === undefined) return store
  let text = ''
  let isText = false
  let isHint = false
  await readXml(strings, {
    open: (name) => {
      if (name === 'si') text = ''
      if (name === 'rPh') isHint = true
      isText = name === 't' && !isHint
    },
    text: (part) => {
      if (isText) text += part
    },
    close: (name) => {
      if (name === 't') isText = false
      if (name === 'rPh') isHint = false
      if (name === 'si') store.add(text)
    },
    pause: () => store.flush(),
  })
  await store.flush(true)
  return store
}
