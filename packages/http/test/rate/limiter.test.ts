import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RateLimiter, parseQuota, parseRetryAfter } from '../../src/index.ts'
import { createTestClock } from '../support/clock.ts'

const signal = new AbortController().signal

describe('RateLimiter', () => {
  it('lets a burst through, then the configured rate', async () => {
    const clock = createTestClock(0)
    const limiter = new RateLimiter(clock, { requests: 4, perSeconds: 2, burst: 2 })
    const starts: number[] = []
    for (let i = 0; i < 6; i++) {
      await limiter.acquire(signal)
      starts.push(clock.now())
    }
    assert.deepEqual(starts, [0, 0, 500, 1000, 1500, 2000])
  })

  it('gives the burst again after a quiet time, not more', async () => {
    const clock = createTestClock(0)
    const limiter = new RateLimiter(clock, { requests: 1, burst: 3 })
    for (let i = 0; i < 4; i++) await limiter.acquire(signal)
    clock.advance(60_000)
    const from = clock.now()
    const starts: number[] = []
    for (let i = 0; i < 4; i++) {
      await limiter.acquire(signal)
      starts.push(clock.now() - from)
    }
    assert.deepEqual(starts, [0, 0, 0, 1000])
  })

  it('holds all requests during a pause; a shorter pause does not shorten it', async () => {
    const clock = createTestClock(0)
    const limiter = new RateLimiter(clock)
    limiter.pause(5000)
    limiter.pause(100)
    await limiter.acquire(signal)
    assert.equal(clock.now(), 5000)
  })
})

describe('quota headers', () => {
  const now = Date.UTC(2026, 0, 1)

  it('read a reset in seconds, in seconds since 1970 and in milliseconds since 1970', () => {
    for (const reset of ['30', String(now / 1000 + 30), String(now + 30_000)]) {
      const quota = parseQuota(
        { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
        now,
      )
      assert.deepEqual(quota, { limit: 100, remaining: 0, resetsInMs: 30_000 }, reset)
    }
  })

  it("measure a reset by the server's clock when the local one is wrong", () => {
    const headers = {
      date: new Date(now).toUTCString(),
      'x-ratelimit-remaining': '3',
      'x-ratelimit-reset': String(now / 1000 + 30),
    }
    assert.equal(parseQuota(headers, now + 3_600_000)?.resetsInMs, 30_000)
  })

  it('read the standard forms', () => {
    assert.deepEqual(
      parseQuota({ 'ratelimit-policy': '"default";q=60;w=60', ratelimit: '"default";r=5;t=20' }, now),
      {
        limit: 60,
        remaining: 5,
        resetsInMs: 20_000,
      },
    )
    assert.equal(parseQuota({}, now), undefined)
  })

  it('leave nonsense in Retry-After alone', () => {
    assert.equal(parseRetryAfter({ 'retry-after': 'soon' }, now), undefined)
    assert.equal(parseRetryAfter({ 'retry-after': '' }, now), undefined)
    assert.equal(parseRetryAfter({ 'retry-after': '0.5' }, now), 500)
  })
})
