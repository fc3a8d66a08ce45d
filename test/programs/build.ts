import { fileURLToPath } from 'node:url'
import { build, type ChunkingContext } from 'rolldown'
import { bundling } from './bundling.ts'

// What `npm run build` makes of src: main.js, the program of the thread that reads large answers, and their chunks.

const root = new URL('../../', import.meta.url)

const thread = 'src/session/products/large/json-worker.ts'

/** What every server loads when it starts. */
const startModules = ['src/cli/program.ts', 'src/cli/serve.ts']

type Modules = Pick<ChunkingContext, 'getModuleInfo'>

/** The modules that some files load at once: what they import, and so on. */
function loadedBy(files: readonly string[], modules: Modules): ReadonlySet<string> {
  const loaded = new Set<string>()
  const visit = (id: string): void => {
    if (loaded.has(id)) return
    loaded.add(id)
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) visit(imported)
  }
  for (const file of files) visit(fileURLToPath(new URL(file, root)))
  return loaded
}

interface Loaded {
  readonly atStart: ReadonlySet<string>
  readonly byThread: ReadonlySet<string>
}

let loaded: Loaded | undefined

/**
 * The chunk of a module that every server loads; null for others. One file is read faster than fifty. What the thread
 * needs of it stands apart, so that the thread does not load all of it.
 */
function chunkOf(id: string, modules: Modules): string | null {
  loaded ??= { atStart: loadedBy(startModules, modules), byThread: loadedBy([thread], modules) }
  if (!loaded.atStart.has(id)) return null
  return loaded.byThread.has(id) ? 'shared' : 'start'
}

await build({
  ...bundling.options,
  resolve: {
    alias: {
      '@modelcontextprotocol/server/_shims': fileURLToPath(new URL('test/programs/sdk-shims.ts', root)),
    },
  },
  preserveEntrySignatures: false,
  cwd: fileURLToPath(root),
  input: { main: 'src/main.ts', 'json-worker': thread },
  output: {
    ...bundling.output,
    dir: 'dist',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: chunkOf, debugName: 'start' }],
    },
  },
})
