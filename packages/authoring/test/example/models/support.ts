import { model } from '@caudal/authoring'

const agents = ['ana', 'luis', 'mar']

export const load = model({
  name: 'marts.agents',
  sql: agents.map((agent) => `select '${agent}' as name, 'Iberia' as team`).join(' union all '),
  materialization: 'table',
  description: 'Who answers tickets',
  checks: [{ unique: 'name' }],
})
