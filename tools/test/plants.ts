/** A violation that a checker must see. */
export interface Plant {
  readonly step: string
  readonly title: string
  readonly path: string
  /** The file that is planted; or … */
  readonly content?: string
  /** … what is added to a file of the workspace. */
  readonly add?: string
  /** What the checker must say. */
  readonly expected: RegExp
}

const emptyFunction = (name: string, lines: number): string =>
  `export function ${name}(): void {\n${'  void 0\n'.repeat(lines - 2)}}\n`

/** Violations for every checker and every tidy rule. */
export const plants: readonly Plant[] = [
  {
    step: 'types',
    title: 'a wrong type in the sources',
    path: 'packages/spec/src/count.ts',
    add: "\nexport const wrong: number = 'one'\n",
    expected: /packages\/spec\/src\/count\.ts\(\d+,\d+\): error TS2322/,
  },
  {
    step: 'types',
    title: 'a wrong type in a test',
    path: 'packages/engine/test/wrong.test.ts',
    content: "import { load } from '../src/index.ts'\n\nload('rows')\n",
    expected: /packages\/engine\/test\/wrong\.test\.ts\(3,6\): error TS2345/,
  },
  {
    step: 'lint',
    title: 'a floating promise, which only the types show',
    path: 'packages/engine/src/load.ts',
    add: '\nexport function start(): void {\n  wait()\n}\n\nasync function wait(): Promise<void> {}\n',
    expected: /no-floating-promises/,
  },
  {
    step: 'lint',
    title: 'an `any`',
    path: 'packages/engine/src/load.ts',
    add: '\nexport function loose(value: any): void {\n  void value\n}\n',
    expected: /no-explicit-any/,
  },
  {
    step: 'format',
    title: 'a semicolon',
    path: 'packages/spec/src/count.ts',
    add: "\nexport const word = 'one';\n",
    expected: /packages\/spec\/src\/count\.ts/,
  },
  {
    step: 'unused',
    title: 'a file that nothing imports',
    path: 'packages/engine/src/forgotten.ts',
    content: 'export const forgotten = 1\n',
    expected: /Unused files[\s\S]*forgotten\.ts/,
  },
  {
    step: 'unused',
    title: 'an export that nothing imports',
    path: 'packages/engine/src/load.ts',
    add: '\nexport const forgotten = 1\n',
    expected: /Unused exports[\s\S]*forgotten/,
  },
  {
    step: 'examples',
    title: 'an example of the docs that does not compile',
    path: 'docs/counting.md',
    add: "\n```ts\nimport { count } from '@caudal/spec'\n\nconst rows: string = count([]).rows\n```\n",
    expected: /docs\/counting\.md\(13,7\): error TS2322/,
  },
  {
    step: 'examples',
    title: 'an example of a doc comment that does not compile',
    path: 'packages/engine/src/load.ts',
    add: "\n/**\n * ```ts\n * import { absent } from '@caudal/engine'\n * ```\n */\nexport type Documented = string\n",
    expected: /packages\/engine\/src\/load\.ts\(\d+,\d+\): error TS2305/,
  },
  {
    step: 'tidy',
    title: 'an edge that is not in the table',
    path: 'packages/engine/src/load.ts',
    add: "\nexport { sizeOf } from '@caudal/duckdb'\n",
    expected: /load\.ts:\d+ {2}edges .*`engine` imports `@caudal\/duckdb`/,
  },
  {
    step: 'tidy',
    title: 'an edge hidden in a type',
    path: 'packages/engine/src/load.ts',
    add: "\nexport type Size = typeof import('@caudal/duckdb').sizeOf\n",
    expected: /edges .*`engine` imports `@caudal\/duckdb`/,
  },
  {
    step: 'tidy',
    title: 'a test that reaches for a package that is no adapter',
    path: 'adapters/duckdb/test/size.test.ts',
    add: "\nexport { load } from '@caudal/engine'\n",
    expected: /edges .*`duckdb` imports `@caudal\/engine`/,
  },
  {
    step: 'tidy',
    title: 'packages that import each other',
    path: 'packages/spec/src/count.ts',
    add: "\nexport { load } from '@caudal/engine'\n",
    expected: /cycles {2}Packages import each other: packages\/engine → packages\/spec → packages\/engine/,
  },
  {
    step: 'tidy',
    title: 'files that import each other',
    path: 'packages/spec/src/count.ts',
    add: "\nexport type { Counted as Again } from './index.ts'\n",
    expected: /cycles {2}Files import each other: src\/count\.ts → src\/index\.ts → src\/count\.ts/,
  },
  {
    step: 'tidy',
    title: 'a deep import',
    path: 'packages/engine/src/load.ts',
    add: "\nexport { count as deep } from '@caudal/spec/src/count.ts'\n",
    expected: /doors {2}Deep import `@caudal\/spec\/src\/count\.ts`/,
  },
  {
    step: 'tidy',
    title: 'a relative way into another package',
    path: 'packages/engine/src/load.ts',
    add: "\nexport { count as around } from '../../spec/src/count.ts'\n",
    expected: /doors {2}`\.\.\/\.\.\/spec\/src\/count\.ts` leaves the package/,
  },
  {
    step: 'tidy',
    title: 'an `export *`',
    path: 'packages/spec/src/index.ts',
    content: "export * from './count.ts'\n",
    expected: /doors {2}`export \*`/,
  },
  {
    step: 'tidy',
    title: 'a second door',
    path: 'packages/spec/package.json',
    content: JSON.stringify({
      name: '@caudal/spec',
      exports: { '.': './src/index.ts', './count': './src/count.ts' },
    }),
    expected: /doors {2}`exports` opens a second door: `\.\/count`/,
  },
  {
    step: 'tidy',
    title: 'a default export',
    path: 'packages/spec/src/count.ts',
    add: '\nexport default count\n',
    expected: /namedExports {2}Default export/,
  },
  {
    step: 'tidy',
    title: 'a dependency of the vocabulary',
    path: 'packages/spec/package.json',
    content: JSON.stringify({ name: '@caudal/spec', dependencies: { yaml: '2.9.1' } }),
    expected: /vocabulary {2}`spec` depends on `yaml`/,
  },
  {
    step: 'tidy',
    title: 'input and output in the vocabulary',
    path: 'packages/spec/src/count.ts',
    add: "\nexport { readFileSync } from 'node:fs'\n",
    expected: /vocabulary {2}`spec` imports `node:fs`/,
  },
  {
    step: 'tidy',
    title: 'a file that is too long',
    path: 'packages/spec/src/long.ts',
    content: '// a line\n'.repeat(401),
    expected: /packages\/spec\/src\/long\.ts {2}sizes {2}The file has 401 lines/,
  },
  {
    step: 'tidy',
    title: 'a function that is too long',
    path: 'packages/spec/src/long.ts',
    content: emptyFunction('long', 71),
    expected: /packages\/spec\/src\/long\.ts:1 {2}sizes {2}`long` has 71 lines/,
  },
  {
    step: 'tidy',
    title: 'a ratchet that could be tighter',
    path: 'tools/tidy/size-ratchet.json',
    content: JSON.stringify({ 'packages/spec/src/count.ts': 500 }),
    expected: /size-ratchet\.json {2}sizes .*short enough/,
  },
  {
    step: 'tidy',
    title: 'a name that is not kebab-case',
    path: 'packages/spec/src/countRows.ts',
    content: 'export const rows = 1\n',
    expected: /fileNames {2}`countRows\.ts` is not kebab-case/,
  },
  {
    step: 'tidy',
    title: 'a package without README',
    path: 'packages/http/package.json',
    content: JSON.stringify({ name: '@caudal/http' }),
    expected: /packages\/http\/README\.md {2}readmes/,
  },
  {
    step: 'tidy',
    title: 'a package that the build does not see',
    path: 'tsconfig.json',
    content: JSON.stringify({ files: [], references: [{ path: 'packages/spec' }] }),
    expected: /tsconfig\.json {2}references {2}No reference to `packages\/engine`/,
  },
  {
    step: 'tidy',
    title: 'an import that the build does not order',
    path: 'packages/engine/tsconfig.json',
    content: JSON.stringify({ references: [] }),
    expected: /packages\/engine\/tsconfig\.json {2}references {2}No reference to `packages\/spec`/,
  },
  {
    step: 'tidy',
    title: 'an error code with two meanings',
    path: 'adapters/duckdb/src/send.ts',
    content: "export const facts = { code: 'CAUDAL_LOAD_EMPTY', message: 'The body is empty.' }\n",
    expected: /errorCodes {2}`CAUDAL_LOAD_EMPTY` is raised by more than one package/,
  },
  {
    step: 'tidy',
    title: 'an error code without meaning',
    path: 'packages/engine/src/load.ts',
    add: "\nexport const code = 'CAUDAL_LOAD_ODD'\n",
    expected: /errorCodes {2}`CAUDAL_LOAD_ODD` has no documented meaning/,
  },
  {
    step: 'tidy',
    title: 'a page of errors that is out of date',
    path: 'docs/errors.md',
    content: '# Errors\n',
    expected: /docs\/errors\.md {2}errorCodes {2}The page differs/,
  },
]
