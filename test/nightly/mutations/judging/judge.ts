import { type Edit, mutate } from '../points.ts'
import type { Detection } from './events.ts'
import { ImportGraph, orderFor } from './graph.ts'
import type { Layer } from './layers.ts'
import type { Scratch } from './scratch.ts'
import { build, type Outcome, type RunLimits, runStage } from './test-run.ts'

/** The result of testing a mutation. */
export interface Verdict {
  readonly verdict: 'killed' | 'hung' | 'survived'
  readonly by?: Detection
  readonly seconds: number
}

export interface JudgeOptions extends RunLimits {
  readonly say: (line: string) => void
}

/** Tests mutations of one scratch copy. */
export class Judge {
  readonly #scratch: Scratch
  readonly #layers: readonly Layer[]
  readonly #options: JudgeOptions
  readonly #graph: ImportGraph
  /** Whether a file of tests passes without any mutation. */
  readonly #passingFiles: Map<string, boolean>

  /** Several judges of equal copies may share what is known of their tests. */
  constructor(
    scratch: Scratch,
    layers: readonly Layer[],
    options: JudgeOptions,
    sound: Map<string, boolean> = new Map(),
  ) {
    this.#scratch = scratch
    this.#layers = layers
    this.#options = options
    this.#graph = new ImportGraph(scratch.root)
    this.#passingFiles = sound
  }

  #run({ projects, wantsBuild }: Layer, files: readonly string[]): Promise<Outcome> {
    if (wantsBuild) build(this.#scratch.root)
    const { atOnce, limitMs, patienceMs } = this.#options
    return runStage({ root: this.#scratch.root, projects, files, atOnce, limitMs, patienceMs })
  }

  async #passesUnmutated(layer: Layer, file: string): Promise<boolean> {
    const known = this.#passingFiles.get(file)
    if (known !== undefined) return known
    const passes = async (): Promise<boolean> => (await this.#run(layer, [file])).kind === 'passed'
    const sound = (await passes()) || (await passes())
    this.#passingFiles.set(file, sound)
    if (!sound) this.#options.say(`${file} fails without any mutation: it is left out`)
    return sound
  }

  /** Runs the files of a layer until one of them fails because of the mutation, and for no other reason. */
  async #tryLayer(path: string, text: string, layer: Layer): Promise<Outcome> {
    const mutated = <T>(work: () => Promise<T>): Promise<T> => this.#scratch.with(path, text, work)
    const passed = new Set<string>()
    for (;;) {
      const files = orderFor(path, layer.tests, this.#graph).filter(
        (file) => this.#passingFiles.get(file) !== false && !passed.has(file),
      )
      const outcome = await mutated(() => this.#run(layer, files))
      if (outcome.kind === 'passed') return outcome
      for (const file of outcome.passed) passed.add(file)
      const { file } = outcome.by
      if (file === '') return outcome
      if (!(await this.#passesUnmutated(layer, file))) continue
      const again = await mutated(() => this.#run(layer, [file]))
      if (again.kind !== 'passed') return outcome
      // A failure by chance must not hide that no test detects the mutation: the others go on.
      passed.add(file)
      this.#options.say(`${file} failed once and then passed alone: it counts as passed`)
    }
  }

  /** Runs the tests against an edit, those closest to it first. */
  async judge(path: string, edit: Edit): Promise<Verdict> {
    const began = Date.now()
    const text = mutate(this.#scratch.read(path), edit)
    const seconds = (): number => Math.round((Date.now() - began) / 100) / 10
    for (const layer of this.#layers) {
      const outcome = await this.#tryLayer(path, text, layer)
      if (outcome.kind === 'passed') continue
      return { verdict: outcome.kind === 'failed' ? 'killed' : 'hung', by: outcome.by, seconds: seconds() }
    }
    return { verdict: 'survived', seconds: seconds() }
  }
}
