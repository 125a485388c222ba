import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CaudalError } from '@caudal/spec'
import { files, folder } from '../../src/index.ts'

test('settings that files() does not have are refused, all at once, with what was probably meant', () => {
  const options = {
    header: {},
    streams: {
      deals: { path: 'deals.csv', primarykey: ['id'], text: { delimeter: ';' } },
      goals: {
        path: 'goals.csv',
        change: 'refuse',
        text: { columns: { amount: { decimalSeperator: ',' } } },
      },
    },
  }
  assert.throws(
    () => files(options as never),
    (error) => {
      assert.ok(CaudalError.isInstance(error))
      assert.equal(error.code, 'CAUDAL_SETTING_UNKNOWN')
      assert.deepEqual(error.context['problems'], [
        'header is not known. Did you mean `headers`?',
        'streams.deals.primarykey is not known. Did you mean `primaryKey`?',
        'streams.deals.text.delimeter is not known. Did you mean `delimiter`?',
        'streams.goals.change is not known. Did you mean `changed`?',
        'streams.goals.text.columns.amount.decimalSeperator is not known. Did you mean `decimalSeparator`?',
      ])
      return true
    },
  )
  assert.deepEqual(folder({ path: 'lake', paths: 'x' } as never).problems, [
    'paths is not known. Did you mean `path`?',
  ])
})
