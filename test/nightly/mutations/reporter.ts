import { relative } from 'node:path'
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'
import { lineOf, patienceVariable, type TestEvent } from './judging/events.ts'

/** A worker in an endless loop never reports that a test failed: only its silence can be detected. */
const patienceMs = Number(process.env[patienceVariable])

/** Prints what decides a mutation: failures, files that pass, a file that hangs, the end. */
export class MutationReporter implements Reporter {
  /** By id: when each running file last reported an event, and the test that runs in it. */
  readonly #running = new Map<string, { module: TestModule; since: number; test?: TestCase }>()
  /** Tests that passed or were skipped. */
  #done = 0
  #watch: NodeJS.Timeout | undefined

  #print(event: TestEvent): void {
    process.stdout.write(lineOf(event))
  }

  onTestRunStart(): void {
    this.#watch = setInterval(() => this.#checkHangs(), 1000)
    this.#watch.unref()
  }

  #checkHangs(): void {
    for (const [id, { module, since, test }] of this.#running) {
      const allowed = Math.max(test?.options.timeout ?? 0, module.project.config.testTimeout) + patienceMs
      if (Date.now() - since < allowed) continue
      this.#running.delete(id)
      this.#print({ type: 'hung', file: module.relativeModuleId, test: test?.fullName ?? '' })
    }
  }

  onTestModuleQueued(module: TestModule): void {
    this.#running.set(module.moduleId, { module, since: Date.now() })
  }

  /** Events of a file may come after its end: they do not reopen it. */
  #touch({ module }: TestCase, test?: TestCase): void {
    if (!this.#running.has(module.moduleId)) return
    this.#running.set(module.moduleId, { module, since: Date.now(), ...(test && { test }) })
  }

  onTestCaseReady(test: TestCase): void {
    this.#touch(test, test)
  }

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result()
    this.#touch(test)
    if (state !== 'failed') this.#done++
    else this.#print({ type: 'failed', file: test.module.relativeModuleId, test: test.fullName })
  }

  onTestModuleEnd(module: TestModule): void {
    this.#running.delete(module.moduleId)
    const file = module.relativeModuleId
    const failed = [...module.children.allTests('failed')]
    if (module.state() === 'passed') this.#print({ type: 'passed', file })
    // It could not be loaded, or a hook failed.
    if (module.state() === 'failed' && failed.length === 0) this.#print({ type: 'failed', file, test: '' })
  }

  onTestRunEnd(_: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    clearInterval(this.#watch)
    // An error that no test waited for, or a worker that died.
    const errors = unhandled.map(({ message, VITEST_TEST_PATH: path }) => ({
      file: typeof path === 'string' ? relative(process.cwd(), path).replaceAll('\\', '/') : '',
      test: `outside of any test: ${message}`,
    }))
    this.#print({ type: 'end', done: this.#done, errors })
  }
}
