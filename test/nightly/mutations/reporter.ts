import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { lineOf, type TestEvent } from './events.ts'

/** How much longer than its own time-out a test may be silent. A worker in an endless loop never says that one failed. */
const patienceMs = 45_000

/** Prints what decides over a mutation: the first failures, a file that hangs, the end. */
export class MutationReporter implements Reporter {
  /** When each running file was last heard of, and the test that runs in it. */
  readonly #running = new Map<TestModule, { since: number; test?: TestCase }>()
  #passed = 0
  #watch: NodeJS.Timeout | undefined

  #print(event: TestEvent): void {
    process.stdout.write(lineOf(event))
  }

  onTestRunStart(): void {
    this.#watch = setInterval(() => this.#look(), 1000)
    this.#watch.unref()
  }

  #look(): void {
    for (const [module, { since, test }] of this.#running) {
      const allowed = Math.max(test?.options.timeout ?? 0, module.project.config.testTimeout) + patienceMs
      if (Date.now() - since < allowed) continue
      this.#running.delete(module)
      this.#print({ type: 'hung', file: module.relativeModuleId, test: test?.fullName ?? '' })
    }
  }

  onTestModuleQueued(module: TestModule): void {
    this.#running.set(module, { since: Date.now() })
  }

  onTestCaseReady(test: TestCase): void {
    this.#running.set(test.module, { since: Date.now(), test })
  }

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result()
    this.#running.set(test.module, { since: Date.now() })
    if (state === 'passed') this.#passed++
    if (state === 'failed')
      this.#print({ type: 'failed', file: test.module.relativeModuleId, test: test.fullName })
  }

  onTestModuleEnd(module: TestModule): void {
    this.#running.delete(module)
    const failed = [...module.children.allTests('failed')]
    // It could not be loaded, or a hook failed.
    if (module.state() === 'failed' && failed.length === 0)
      this.#print({ type: 'failed', file: module.relativeModuleId, test: '' })
  }

  onTestRunEnd(_: readonly TestModule[], unhandled: readonly { readonly message: string }[]): void {
    clearInterval(this.#watch)
    this.#print({ type: 'end', passed: this.#passed, errors: unhandled.map(({ message }) => message) })
  }
}
