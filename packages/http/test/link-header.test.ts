import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findLink, parseLinkHeader } from '../src/index.ts'

describe('Link header', () => {
  it('finds the next link among others, with commas and semicolons inside addresses', () => {
    const header =
      '<https://a/x?ids=1,2;3&page=1>; rel="prev first", </x?page=3>; title="a, \\"b\\""; rel=next'
    assert.equal(findLink(header, 'next'), '/x?page=3')
    assert.equal(findLink(header, 'first'), 'https://a/x?ids=1,2;3&page=1')
    assert.equal(findLink(header, 'last'), undefined)
    assert.equal(findLink(undefined, 'next'), undefined)
  })

  it('reads parameters', () => {
    assert.deepEqual(parseLinkHeader('<u>; REL="next"; results="true"; cursor="a:b"'), [
      { target: 'u', parameters: { rel: 'next', results: 'true', cursor: 'a:b' } },
    ])
  })

  it('leaves out what is malformed', () => {
    assert.deepEqual(parseLinkHeader('no link at all'), [])
    assert.deepEqual(parseLinkHeader(''), [])
  })
})
