import type { Column, PackedRows } from '@caudal/spec'
import { packerOf, type ColumnPacker } from './column-packer.ts'

/** Gathers the rows of a table by column. */
export class RowPacker {
  readonly #fields: readonly { readonly field: string; readonly packer: ColumnPacker }[]
  #rows = 0

  constructor(columns: readonly Column[]) {
    this.#fields = columns.map((column) => ({ field: column.field ?? column.name, packer: packerOf(column) }))
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows
  }

  /** Adds a row; fields that are no columns are left out. @throws ValueMisfit: nothing was added. */
  add(row: Readonly<Record<string, unknown>>): void {
    try {
      for (const { field, packer } of this.#fields) packer.add(row[field])
    } catch (error) {
      for (const { packer } of this.#fields) packer.cut(this.#rows)
      throw error
    }
    this.#rows += 1
  }

  /** The rows. The packer is used no more. */
  finish(): PackedRows {
    return { rows: this.#rows, columns: this.#fields.map(({ packer }) => packer.finish()) }
  }
}
