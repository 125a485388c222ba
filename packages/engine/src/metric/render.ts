import { quoteIdentifier, quoteTable, renderPortable, type SqlDialect } from '@caudal/sql'
import type { Expression, Order, Query, Relation, Select, Statement } from './sql-tree.ts'

/** The statement's text in a dialect. */
export function renderStatement(statement: Statement, dialect: SqlDialect): string {
  const named = statement.with.map(
    ({ name, query }) => `${quoteIdentifier(name)} as (\n${indent(renderQuery(query, dialect))}\n)`,
  )
  const query = renderQuery(statement.query, dialect)
  return named.length === 0 ? query : `with ${named.join(', ')}\n${query}`
}

function renderQuery(query: Query, dialect: SqlDialect): string {
  return query.kind === 'union'
    ? query.queries.map((part) => renderQuery(part, dialect)).join('\nunion all\n')
    : renderSelect(query, dialect)
}

function renderSelect(select: Select, dialect: SqlDialect): string {
  const write = (expression: Expression): string => renderExpression(expression, dialect)
  const items = select.items.map(({ value, as }) =>
    value.kind === 'column' && value.name === as && value.of === undefined
      ? quoteIdentifier(as)
      : `${write(value)} as ${quoteIdentifier(as)}`,
  )
  const clauses = [
    `select\n${indent(items.join(',\n'))}`,
    `from ${renderRelation(select.from, dialect)}`,
    ...(select.leftJoins ?? []).map(
      ({ relation, on }) => `left join ${renderRelation(relation, dialect)} on ${write(on)}`,
    ),
  ]
  if (select.where !== undefined && select.where.length > 0) {
    clauses.push(`where ${select.where.map(write).join('\n  and ')}`)
  }
  if (select.groupBy !== undefined) clauses.push(renderGroupBy(select.groupBy, dialect))
  if (select.orderBy !== undefined) clauses.push(`order by ${renderOrder(select.orderBy, dialect)}`)
  if (select.limit !== undefined) clauses.push(`limit ${select.limit}`)
  return clauses.join('\n')
}

function renderGroupBy(sets: readonly (readonly Expression[])[], dialect: SqlDialect): string {
  const written = sets.map((set) => set.map((expression) => renderExpression(expression, dialect)).join(', '))
  return written.length === 1
    ? `group by ${written.join('')}`
    : `group by grouping sets (${written.map((set) => `(${set})`).join(', ')})`
}

function renderRelation(relation: Relation, dialect: SqlDialect): string {
  const as = quoteIdentifier(relation.as)
  if (relation.kind === 'table') return `${quoteTable(relation.table)} as ${as}`
  if (relation.kind === 'name') return `${quoteIdentifier(relation.name)} as ${as}`
  return `(\n${indent(renderQuery(relation.query, dialect))}\n) as ${as}`
}

function renderOrder(orders: readonly Order[], dialect: SqlDialect): string {
  return orders
    .map(({ value, isDescending, isText }) => {
      const collation = isText === true && dialect === 'postgresql' ? ' collate "C"' : ''
      const direction = isDescending === true ? 'desc' : 'asc'
      return `${renderExpression(value, dialect)}${collation} ${direction} nulls last`
    })
    .join(', ')
}

function renderExpression(expression: Expression, dialect: SqlDialect): string {
  const write = (inner: Expression): string => renderExpression(inner, dialect)
  switch (expression.kind) {
    case 'column':
      return expression.of === undefined
        ? quoteIdentifier(expression.name)
        : `${quoteIdentifier(expression.of)}.${quoteIdentifier(expression.name)}`
    case 'parameter':
      return `cast($${expression.name} as ${expression.type})`
    case 'fragment':
      return renderFragment(expression.sql, dialect)
    case 'integer':
      return String(expression.value)
    case 'null':
      return `cast(null as ${expression.type})`
    case 'cast':
      return `cast(${write(expression.value)} as ${expression.type})`
    case 'binary':
      return `(${write(expression.left)} ${expression.operator} ${write(expression.right)})`
    case 'and':
    case 'or':
      return expression.terms.length === 1
        ? expression.terms.map(write).join('')
        : `(${expression.terms.map(write).join(` ${expression.kind} `)})`
    case 'not':
      return `(not ${write(expression.term)})`
    case 'is null':
      return `(${write(expression.value)} is null)`
    case 'in':
      return `(${write(expression.value)} in (${expression.list.map(write).join(', ')}))`
    case 'case':
      return `case ${expression.branches.map(({ when, value }) => `when ${write(when)} then ${write(value)}`).join(' ')} else ${write(expression.otherwise)} end`
    case 'call':
      return `${expression.name}(${expression.parameters.map(write).join(', ')})`
    case 'aggregate':
      return renderAggregate(expression, write)
    case 'truncate':
      return `date_trunc('${expression.grain}', ${write(expression.value)})`
    case 'utc':
      return dialect === 'duckdb'
        ? `make_timestamp(epoch_us(${write(expression.value)}))`
        : `(${write(expression.value)} at time zone 'UTC')`
    case 'seconds':
      return `interval '${expression.count} seconds'`
    case 'row number':
      return `row_number() over (order by ${renderOrder(expression.orderBy, dialect)})`
  }
}

function renderAggregate(
  aggregate: Extract<Expression, { kind: 'aggregate' }>,
  write: (expression: Expression) => string,
): string {
  const value = aggregate.value === undefined ? '*' : write(aggregate.value)
  const distinct = aggregate.isDistinct === true ? 'distinct ' : ''
  const filter = aggregate.where === undefined ? '' : ` filter (where ${write(aggregate.where)})`
  return `${aggregate.function}(${distinct}${value})${filter}`
}

/** The line break keeps a comment at the end of the fragment from taking the bracket with it. */
function renderFragment(sql: string, dialect: SqlDialect): string {
  return `(${renderPortable(sql.trim(), dialect)}${sql.includes('--') ? '\n' : ''})`
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
