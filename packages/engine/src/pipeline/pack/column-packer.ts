import { packedKind, type Column, type PackedColumn, type PackedValues } from '@caudal/spec'
import { describeValue, ValueMisfit } from './misfit.ts'
import { toWhole, type Whole } from './whole-values.ts'

/** Takes the values of a column one by one. */
export interface ColumnPacker {
  /** @throws ValueMisfit; nothing was added then. */
  add(value: unknown): void
  /** Forgets the values from a row on. */
  cut(rows: number): void
  /** The values so far. They share memory with the packer, which is used no more. */
  finish(): PackedColumn
}

/** A packer for a column. */
export function packerOf(column: Column): ColumnPacker {
  switch (packedKind(column.type)) {
    case 'integers':
      return new WholePacker(column)
    case 'wideIntegers':
      return new WidePacker(column)
    case 'doubles':
      return new DoublePacker(column)
    case 'booleans':
      return new BooleanPacker(column)
    case 'texts':
      return new TextPacker(column)
  }
}

const rowsAtFirst = 1024

/** What the packers have in common: rows without a value. */
abstract class Packer implements ColumnPacker {
  protected readonly column: Column
  protected rows = 0
  #nulls: Uint8Array | undefined
  #capacity = rowsAtFirst

  constructor(column: Column) {
    this.column = column
  }

  add(value: unknown): void {
    if (this.rows === this.#capacity) this.#grow()
    if (value === null || value === undefined) this.#addNothing()
    else this.put(value)
    this.rows += 1
  }

  cut(rows: number): void {
    this.#nulls?.fill(0, rows, this.rows)
    this.rows = rows
  }

  finish(): PackedColumn {
    const values = this.values()
    return this.#nulls === undefined ? { values } : { values, nulls: this.#nulls.subarray(0, this.rows) }
  }

  /** Puts a value at `rows`. @throws ValueMisfit. */
  protected abstract put(value: unknown): void
  /** Puts what stands where there is no value. */
  protected abstract skip(): void
  protected abstract grow(capacity: number): void
  protected abstract values(): PackedValues

  protected refuse(value: unknown, wanted: string): never {
    throw new ValueMisfit(this.column.name, `${describeValue(value)} is not ${wanted}`)
  }

  #addNothing(): void {
    if (this.column.nullable === false)
      throw new ValueMisfit(this.column.name, 'there is no value, and the column must have one')
    this.#nulls ??= new Uint8Array(this.#capacity)
    this.#nulls[this.rows] = 1
    this.skip()
  }

  #grow(): void {
    this.#capacity *= 2
    if (this.#nulls !== undefined) this.#nulls = larger(this.#nulls, this.#capacity)
    this.grow(this.#capacity)
  }
}

/** Whole numbers, written as two halves: a `bigint` for each would cost more than all the rest. */
class WholePacker extends Packer {
  readonly #convert: (value: unknown) => Whole
  #halves = new Uint32Array(rowsAtFirst * 2)

  constructor(column: Column) {
    super(column)
    this.#convert = toWhole(column)
  }

  protected put(value: unknown): void {
    const whole = this.#convert(value)
    const at = this.rows * 2
    if (typeof whole === 'bigint') {
      this.#halves[at] = Number(BigInt.asUintN(32, whole))
      this.#halves[at + 1] = Number(BigInt.asUintN(32, whole >> 32n))
      return
    }
    const high = Math.floor(whole / 2 ** 32)
    this.#halves[at] = whole - high * 2 ** 32
    this.#halves[at + 1] = high
  }

  protected skip(): void {
    this.#halves.fill(0, this.rows * 2, this.rows * 2 + 2)
  }

  protected grow(capacity: number): void {
    this.#halves = larger(this.#halves, capacity * 2)
  }

  protected values(): PackedValues {
    return { kind: 'integers', data: new BigInt64Array(this.#halves.buffer, 0, this.rows) }
  }
}

/** Whole numbers of 128 bits. */
class WidePacker extends Packer {
  readonly #convert: (value: unknown) => Whole
  #data = new BigInt64Array(rowsAtFirst * 2)

  constructor(column: Column) {
    super(column)
    this.#convert = toWhole(column)
  }

  protected put(value: unknown): void {
    const whole = BigInt(this.#convert(value))
    this.#data[this.rows * 2] = BigInt.asIntN(64, whole)
    this.#data[this.rows * 2 + 1] = whole >> 64n
  }

  protected skip(): void {
    this.#data.fill(0n, this.rows * 2, this.rows * 2 + 2)
  }

  protected grow(capacity: number): void {
    this.#data = larger(this.#data, capacity * 2)
  }

  protected values(): PackedValues {
    return { kind: 'wideIntegers', data: this.#data.subarray(0, this.rows * 2) }
  }
}

class DoublePacker extends Packer {
  #data = new Float64Array(rowsAtFirst)

  protected put(value: unknown): void {
    this.#data[this.rows] = typeof value === 'number' ? value : this.refuse(value, 'a number')
  }

  protected skip(): void {
    this.#data[this.rows] = 0
  }

  protected grow(capacity: number): void {
    this.#data = larger(this.#data, capacity)
  }

  protected values(): PackedValues {
    return { kind: 'doubles', data: this.#data.subarray(0, this.rows) }
  }
}

class BooleanPacker extends Packer {
  #data = new Uint8Array(rowsAtFirst)

  protected put(value: unknown): void {
    this.#data[this.rows] = Number(typeof value === 'boolean' ? value : this.refuse(value, 'true or false'))
  }

  protected skip(): void {
    this.#data[this.rows] = 0
  }

  protected grow(capacity: number): void {
    this.#data = larger(this.#data, capacity)
  }

  protected values(): PackedValues {
    return { kind: 'booleans', data: this.#data.subarray(0, this.rows) }
  }
}

const encoder = new TextEncoder()

class TextPacker extends Packer {
  #data = new Uint8Array(rowsAtFirst * 16)
  #ends = new Uint32Array(rowsAtFirst)

  protected put(value: unknown): void {
    if (this.column.type.kind === 'bytes') this.#putBytes(value)
    else this.#putText(this.#textOf(value))
  }

  protected skip(): void {
    this.#ends[this.rows] = this.#end
  }

  protected grow(capacity: number): void {
    this.#ends = larger(this.#ends, capacity)
  }

  protected values(): PackedValues {
    const ends = this.#ends.subarray(0, this.rows)
    return { kind: 'texts', data: this.#data.subarray(0, this.#end), ends }
  }

  get #end(): number {
    return this.#ends[this.rows - 1] ?? 0
  }

  #textOf(value: unknown): string {
    const { type } = this.column
    if (type.kind === 'json') return JSON.stringify(value, plainInteger) ?? this.refuse(value, 'JSON')
    return typeof value === 'string' ? value : this.refuse(value, 'text')
  }

  #putBytes(value: unknown): void {
    if (!(value instanceof Uint8Array)) this.refuse(value, 'bytes')
    const bytes = value
    this.#room(bytes.byteLength)
    this.#data.set(bytes, this.#end)
    this.#ends[this.rows] = this.#end + bytes.byteLength
  }

  #putText(text: string): void {
    const start = this.#end
    this.#room(text.length * 3)
    this.#ends[this.rows] = start + encoder.encodeInto(text, this.#data.subarray(start)).written
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#data.byteLength) return
    this.#data = larger(this.#data, Math.max(this.#data.byteLength * 2, this.#end + bytes))
  }
}

/** Integers that JSON has no number for are written as text. */
function plainInteger(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function larger<T extends Uint8Array | Uint32Array | Float64Array | BigInt64Array>(
  array: T,
  length: number,
): T {
  const copy = new (array.constructor as new (length: number) => T)(length)
  copy.set(array as never)
  return copy
}
