import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { TemporaryFile } from '../../../src/tools/exports/temporary-file.ts'
import { createFolder } from '../../support/exports/exporter.ts'
import { allIds, beginExport, expectFewRows, giveTurns, idsIn } from '../../support/exports/slow-export.ts'

// An export to a pipe that is read slowly: the system takes some bytes, and then no more until they are read.

/** Bytes that are collected before they are written (temporary-file.ts): more than a pipe takes. */
const block = 256 * 1024

class CountingFile extends TemporaryFile {
  /** The header of a table is one of them. */
  lines = 0

  override append(text: string, bytes?: number): void {
    super.append(text, bytes)
    this.lines++
  }
}

/** A pipe in place of a new file, which could not be one. */
const pipeFolder = (path: string, pipe: string): ExportFolder =>
  ({
    path,
    wrapErrors: () => openSync(pipe, constants.O_WRONLY),
    wrapAsyncErrors: (work: () => Promise<unknown>) => work(),
  }) as unknown as ExportFolder

/** Some bytes of a pipe; none if there are none yet. */
function readSome(fd: number): Buffer {
  const bytes = Buffer.alloc(100_000)
  try {
    return bytes.subarray(0, readSync(fd, bytes))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return Buffer.alloc(0)
    throw error
  }
}

test.each(['jsonl', 'csv'] as const)('few rows wait for a slow file: %s', async (format) => {
  const folder = createFolder()
  const pipe = join(folder.path, 'pipe')
  execFileSync('mkfifo', [pipe])
  const fd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
  const file = new CountingFile(pipeFolder(folder.path, pipe), 'slow.rows')
  const parts: Buffer[] = []
  let read = 0
  let isOver = false
  const readPart = (): void => {
    const part = readSome(fd)
    parts.push(part)
    read += part.length
  }
  try {
    const running = await beginExport(format, file)
    const written = running.written
      .then(async (rows) => {
        await file.flush()
        return rows
      })
      .finally(() => {
        isOver = true
      })
    while (file.size < block && !isOver) await giveTurns(1)
    // Far more than the export needs for all its rows.
    await giveTurns(2_000)
    while (!isOver) {
      // One block waits, and the pipe holds less than another.
      expect(file.size - read).toBeLessThan(2 * block)
      expectFewRows(running, file.lines)
      readPart()
      await giveTurns(20)
    }
    expect(await written).toMatchObject({ rows: allIds.length, isFull: false })
  } finally {
    // A write that waits for a reader would keep the process from ending.
    while (!isOver) {
      readPart()
      await giveTurns(1)
    }
    file.close()
  }
  for (let before = -1; before < read; readPart()) before = read
  closeSync(fd)
  folder.remove()
  expect(file.size).toBe(read)
  expect(idsIn(Buffer.concat(parts).toString())).toEqual(allIds)
})
