export { systemClock, type Clock } from './clock.ts'
export { Redactor } from './redactor.ts'
export { parseLinkHeader, findLink, type Link } from './link-header.ts'
export { RateLimiter, type RateLimit } from './rate/limiter.ts'
export { parseRetryAfter, parseQuota, serverTime, type Headers, type Quota } from './rate/quota.ts'
export { HttpClient, type HttpClientOptions, type ReadAnswer } from './request/client.ts'
export { type HttpRequest, type HttpResponse } from './request/message.ts'
export { defaultRetryPolicy, jitteredWaitMs, type RetryPolicy } from './request/retry.ts'
export { responseJson, utf8Bytes } from './request/body.ts'
export {
  basicAuthorizer,
  bearerAuthorizer,
  keyHeaderAuthorizer,
  keyQueryAuthorizer,
  type Authorizer,
  type Outgoing,
} from './auth/authorizer.ts'
export { createOAuthAuthorizer, type OAuthOptions, type TokenStore } from './auth/oauth.ts'
export {
  parseJson,
  parseJsonWithSources,
  isRawNumber,
  scalarText,
  survivesDouble,
  toPlainJson,
  explainBadJson,
  type JsonPlace,
  type LosslessJson,
  type RawNumber,
} from './json/parse.ts'
export { quoteLongNumbers } from './json/quote-long-numbers.ts'
export { scanJson, type JsonScan, type ArrayPlace } from './json/scan.ts'
export { parseJsonPath, formatJsonPath, valueAt, valuesAt, type JsonPath } from './json/path.ts'
