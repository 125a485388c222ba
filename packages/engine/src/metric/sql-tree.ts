import type { Grain } from '@caudal/spec'

/** Types that compiled queries cast to. */
export type SqlType = 'text' | 'date' | 'timestamp' | 'timestamptz' | 'double precision'

/** An expression. Values of viewers and projects are parameters; numbers in the tree are the compiler's own. */
export type Expression =
  | { readonly kind: 'column'; readonly name: string; readonly of?: string }
  | { readonly kind: 'parameter'; readonly name: string; readonly type: SqlType }
  /** SQL of the project, in the portable subset. */
  | { readonly kind: 'fragment'; readonly sql: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'null'; readonly type: SqlType }
  | { readonly kind: 'cast'; readonly value: Expression; readonly type: SqlType }
  | {
      readonly kind: 'binary'
      readonly operator: '=' | '<' | '<=' | '>=' | '+' | '-' | '/' | '*'
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Expression[] }
  | { readonly kind: 'not'; readonly term: Expression }
  | { readonly kind: 'is null'; readonly value: Expression }
  | { readonly kind: 'in'; readonly value: Expression; readonly list: readonly Expression[] }
  | {
      readonly kind: 'case'
      readonly branches: readonly { readonly when: Expression; readonly value: Expression }[]
      readonly otherwise: Expression
    }
  | {
      readonly kind: 'call'
      readonly name: 'coalesce' | 'least' | 'nullif' | 'grouping'
      readonly parameters: readonly Expression[]
    }
  | {
      readonly kind: 'aggregate'
      readonly function: 'count' | 'sum' | 'min' | 'max'
      /** Absent: rows. */
      readonly value?: Expression
      readonly isDistinct?: boolean
      readonly where?: Expression
    }
  | { readonly kind: 'truncate'; readonly grain: Grain; readonly value: Expression }
  /** An instant as a timestamp without zone, in UTC. */
  | { readonly kind: 'utc'; readonly value: Expression }
  | { readonly kind: 'seconds'; readonly count: number }
  | { readonly kind: 'row number'; readonly orderBy: readonly Order[] }

/** One item of an ORDER BY; nulls last in both directions. `isText`: by code point, whatever the database's collation. */
export interface Order {
  readonly value: Expression
  readonly isDescending?: boolean
  readonly isText?: boolean
}

/** What a query reads. */
export type Relation =
  /** `schema.name`. */
  | { readonly kind: 'table'; readonly table: string; readonly as: string }
  | { readonly kind: 'name'; readonly name: string; readonly as: string }
  | { readonly kind: 'query'; readonly query: Query; readonly as: string }

/** A SELECT. */
export interface Select {
  readonly kind: 'select'
  readonly items: readonly { readonly as: string; readonly value: Expression }[]
  readonly from: Relation
  readonly leftJoins?: readonly { readonly relation: Relation; readonly on: Expression }[]
  readonly where?: readonly Expression[]
  /** One set: GROUP BY; several: GROUPING SETS. Sets name columns of the relation or expressions. */
  readonly groupBy?: readonly (readonly Expression[])[]
  readonly orderBy?: readonly Order[]
  readonly limit?: number
}

/** A query. */
export type Query = Select | { readonly kind: 'union'; readonly queries: readonly Query[] }

/** A statement. */
export interface Statement {
  readonly with: readonly { readonly name: string; readonly query: Query }[]
  readonly query: Query
}

/** A column. */
export function column(name: string, of?: string): Expression {
  return of === undefined ? { kind: 'column', name } : { kind: 'column', name, of }
}

/** An integer of the compiler's own. */
export function integer(value: number): Expression {
  return { kind: 'integer', value }
}

/** A cast. */
export function cast(value: Expression, type: SqlType): Expression {
  return { kind: 'cast', value, type }
}

/** A binary operation. */
export function binary(
  left: Expression,
  operator: Extract<Expression, { kind: 'binary' }>['operator'],
  right: Expression,
): Expression {
  return { kind: 'binary', operator, left, right }
}

/** A call of a function that every dialect spells alike. */
export function call(
  name: Extract<Expression, { kind: 'call' }>['name'],
  ...parameters: readonly Expression[]
): Expression {
  return { kind: 'call', name, parameters }
}

/** Equality in which null equals null; both sides texts. Hashable in every dialect, unlike IS NOT DISTINCT FROM. */
export function isSameText(left: Expression, right: Expression, empty: Expression): Expression {
  return {
    kind: 'and',
    terms: [
      binary(call('coalesce', left, empty), '=', call('coalesce', right, empty)),
      binary({ kind: 'is null', value: left }, '=', { kind: 'is null', value: right }),
    ],
  }
}
