import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { orderVariable } from './judging/events.ts'

/** Runs the files that a list names, in its order, and no others. */
export class ListedSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const list = process.env[orderVariable]
    if (list === undefined) return super.sort(files)
    const order = readFileSync(list, 'utf8').split('\n')
    const place = ({ moduleId }: TestSpecification): number =>
      order.indexOf(relative(this.ctx.config.root, moduleId).replaceAll('\\', '/'))
    return files.filter((file) => place(file) >= 0).sort((a, b) => place(a) - place(b))
  }
}
