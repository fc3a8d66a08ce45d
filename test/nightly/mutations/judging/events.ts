/** The file and the test that detected a mutation; no test where the file as a whole failed. */
export interface Detection {
  readonly file: string
  readonly test: string
}

/** What the reporter sends to the program, one line each. */
export type TestEvent =
  | ({ readonly type: 'failed' | 'hung' } & Detection)
  | { readonly type: 'passed'; readonly file: string }
  | { readonly type: 'end'; readonly done: number; readonly errors: readonly Detection[] }

/** Before each of these lines. */
const mark = '@mutation '

export const lineOf = (event: TestEvent): string => `${mark}${JSON.stringify(event)}\n`

/** The event in a line of output; undefined where it holds none. */
export function eventIn(line: string): TestEvent | undefined {
  const at = line.indexOf(mark)
  return at < 0 ? undefined : (JSON.parse(line.slice(at + mark.length)) as TestEvent)
}

/** The environment variable that names the list of files to run. */
export const orderVariable = 'MUTATION_TEST_ORDER'

/** The one that says how much longer than its own time-out a test may be silent, in milliseconds. */
export const patienceVariable = 'MUTATION_PATIENCE_MS'
