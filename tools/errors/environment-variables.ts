/** The environment variables of ours, with what each does. Other names that begin like them are error codes. */
export const environmentVariables: Readonly<Record<string, string>> = {
  CAUDAL_SECRET_KEY:
    'The key of the secrets that Caudal keeps encrypted in the control database: 32 random bytes in base64.',
  CAUDAL_FULL: '`1` lets the long suites run whole: `npm run test:full` sets it.',
  CAUDAL_CHROMIUM: 'The browser of the browser tests, where it is not found by itself.',
  CAUDAL_TEST_CHROMIUM: 'Set by `npm test`: the browser that it found.',
  CAUDAL_TEST_POSTGRES:
    'Set by `npm test`: address of a PostgreSQL server whose databases tests may create and drop.',
}
