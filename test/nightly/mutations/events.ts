/** What the reporter tells the program, a line each. */
export type TestEvent =
  | { readonly type: 'failed'; readonly file: string; readonly test: string }
  | { readonly type: 'hung'; readonly file: string; readonly test: string }
  | { readonly type: 'end'; readonly passed: number; readonly errors: readonly string[] }

/** Before each of these lines. */
const mark = '@mutation '

export const lineOf = (event: TestEvent): string => `${mark}${JSON.stringify(event)}\n`

/** The event in a line of output; undefined where it holds none. */
export function eventIn(line: string): TestEvent | undefined {
  const at = line.indexOf(mark)
  return at < 0 ? undefined : (JSON.parse(line.slice(at + mark.length)) as TestEvent)
}

/** Names of environment variables that carry what a run needs. */
export const orderVariable = 'MUTATION_TEST_ORDER'
