import { expect, test } from 'vitest'
import type { TemporaryFile } from '../../../src/tools/exports/temporary-file.ts'
import { allIds, beginExport, expectFewRows, giveTurns, idsIn } from '../../support/exports/slow-export.ts'
import { deferred } from '../../support/session/deferred.ts'

// The file sets the pace of an export: what it has not taken yet is not collected in memory. With a file of the system:
// test/process/exports.

const blockSize = 100_000

/** A file that takes a block whenever it is told to. */
class HeldFile {
  text = ''
  size = 0
  /** The header of a table is one of them. */
  lines = 0
  #pending = 0
  #held = deferred()
  /** True while a block waits. */
  isHeld = false

  get needsFlush(): boolean {
    return this.#pending >= blockSize
  }

  append(text: string, bytes = Buffer.byteLength(text)): void {
    this.text += text
    this.lines++
    this.size += bytes
    this.#pending += bytes
  }

  async flush(): Promise<void> {
    this.isHeld = true
    await this.#held.promise
  }

  takeBlock(): void {
    this.isHeld = false
    this.#pending = 0
    this.#held.resolve()
    this.#held = deferred()
  }
}

test.each(['jsonl', 'csv'] as const)('while a block waits, few rows do: %s', async (format) => {
  const file = new HeldFile()
  const running = await beginExport(format, file as unknown as TemporaryFile)
  let isOver = false
  const written = running.written.finally(() => {
    isOver = true
  })
  let blocks = 0
  for (;;) {
    while (!file.isHeld && !isOver) await giveTurns(1)
    if (isOver) break
    // At the first block, far more than the export needs for all its rows.
    await giveTurns(blocks === 0 ? 2_000 : 20)
    expectFewRows(running, file.lines)
    blocks++
    // No row comes after the one that fills a block.
    expect(file.size).toBeLessThan(blocks * (blockSize + 1_000))
    file.takeBlock()
  }
  expect(blocks).toBeGreaterThan(50)
  expect(await written).toMatchObject({ rows: allIds.length, isFull: false })
  expect(idsIn(file.text)).toEqual(allIds)
})
