import { dashboard, tile } from 'caudal'
import { accounts, activityCount, meetingShare, minutes, pipeline } from '../metrics/activity.ts'

export const activity = dashboard({
  title: 'Activity',
  filters: ['team', 'sdr', 'country'],
  range: 'last 90 days',
  comparison: 'previous period',
  rows: [
    [tile.number(activityCount), tile.number(accounts), tile.number(pipeline), tile.number(meetingShare)],
    [
      tile.line(activityCount, { grain: 'week', by: 'team', top: 4, width: 8 }),
      tile.bar(pipeline, { by: 'sdr', top: 10, width: 4 }),
    ],
    [
      tile.bar(activityCount, { by: 'country', width: 6 }),
      tile.table([activityCount, minutes], { by: ['team'], width: 6 }),
    ],
  ],
})
