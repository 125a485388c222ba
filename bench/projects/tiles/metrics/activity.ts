import { average, count, countDistinct, currency, metric, number, ratio, sum } from 'caudal'

const activities = {
  from: 'crm.activities',
  time: 'at',
  dimensions: { sdr: 'sdr', team: 'team', kind: 'kind', country: 'country' },
} as const

export const activityCount = metric({ ...activities, value: count(), label: 'Activities' })
export const accounts = metric({ ...activities, value: countDistinct('account'), label: 'Accounts' })
export const pipeline = metric({
  ...activities,
  value: sum('amount'),
  label: 'Pipeline',
  format: currency('EUR'),
})
export const minutes = metric({
  ...activities,
  value: average('minutes'),
  label: 'Minutes',
  format: number(),
})
export const meetingShare = metric({
  ...activities,
  value: ratio(count({ where: "kind = 'meeting'" }), count()),
  label: 'Meetings',
})
