import { lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from '../../../../../shared/crypto.ts'
import { othersMayWrite } from '../../../../../shared/own-folder.ts'
import { html, sourceText } from '../html/html.ts'
import { hiddenInputs } from '../html/layout.ts'

// The file that brings the page key to the browser of the person: no other program is told the key, and no address holds it.

/** How long a file is kept, in ms: the browser needs a moment to start. */
const keptMs = 60_000

const name = /^approval-page-[0-9a-f-]{36}\.html$/

/** What the browser is to show. */
export interface HandOver {
  readonly origin: string
  readonly key: string
  readonly path: string
  readonly person?: string | undefined
}

/** The files that are kept. */
export interface HandOverFiles {
  /** Writes a file that opens a page, and returns its path. Throws if the folder is not safe. */
  readonly write: (page: HandOver) => string
  /** Removes the file that a browser has read. */
  readonly remove: (id: string) => void
  readonly removeAll: () => void
}

/** A page that goes on by itself, or by its button without JavaScript. */
function fileText(id: string, { origin, key, path, person }: HandOver): string {
  const fields = { key, path, file: id, ...(person !== undefined && { person }) }
  return sourceText(html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Approval page · qualys-mcp</title></head>
<body><form method="post" action="${origin}/open">${hiddenInputs(fields)}<button>Open the approval page</button></form>
<script>document.forms[0].submit()</script></body>
</html>
`)
}

/** Keeps the files in a folder of this user alone. `isOwn`: it holds nothing else, and goes with the last file. */
export function handOverFiles(folder: string, { isOwn }: { readonly isOwn: boolean }): HandOverFiles {
  const kept = new Map<string, NodeJS.Timeout>()
  const pathOf = (id: string): string => join(folder, `approval-page-${id}.html`)

  const remove = (id: string): void => {
    const timer = kept.get(id)
    if (timer === undefined) return
    clearTimeout(timer)
    kept.delete(id)
    rmSync(pathOf(id), { force: true })
    if (isOwn && kept.size === 0) removeFolder()
  }

  const removeFolder = (): void => {
    try {
      rmdirSync(folder)
    } catch {
      // The person keeps something there.
    }
  }

  /** Those of a process that was killed: their keys open nothing any more. */
  const removeOld = (): void => {
    for (const file of readdirSync(folder).filter((file) => name.test(file))) {
      const path = join(folder, file)
      const written = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
      if (Date.now() - written > keptMs) rmSync(path, { force: true })
    }
  }

  return {
    write: (page) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      if (othersMayWrite(lstatSync(folder))) throw new Error(`others may write ${folder}`)
      removeOld()
      const id = randomUUID()
      writeFileSync(pathOf(id), fileText(id, page), { flag: 'wx', mode: 0o600 })
      kept.set(id, setTimeout(() => remove(id), keptMs).unref())
      return pathOf(id)
    },
    remove,
    removeAll: () => {
      for (const id of [...kept.keys()]) remove(id)
    },
  }
}
