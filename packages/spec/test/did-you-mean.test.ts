import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean, suggestion } from '@caudal/spec'

const commands = ['run', 'query', 'check', 'rebuild', 'replay', 'reset']

test('a letter too many, too few, wrong or swapped with its neighbour is seen', () => {
  assert.equal(didYouMean('chek', commands), 'check')
  assert.equal(didYouMean('rebuildd', commands), 'rebuild')
  assert.equal(didYouMean('quary', commands), 'query')
  assert.equal(didYouMean('rnu', commands), 'run')
  assert.equal(didYouMean('RESTE', commands), 'reset')
})

test('a name that is near to none has no suggestion', () => {
  assert.equal(didYouMean('dashboard', commands), undefined)
  assert.equal(suggestion('dashboard', commands), '')
  assert.equal(suggestion('replya', commands), ' Did you mean `replay`?')
})
