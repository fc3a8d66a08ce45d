import type { Blocks } from './blocks.ts'
import { faultTable } from './fault-table.ts'
import { questionColumnTable, userColumnTable } from './imports.ts'
import { faultKindTable, inventedTable, knobTable } from './sandbox.ts'
import { commandLine, essentialTable, platformTable, settingTable } from './settings.ts'
import { costTable, guessedTable, toolsetList, toolTable } from './tools.ts'

/** Every block that a page may have. */
const generators: Readonly<Record<string, () => string>> = {
  toolsets: toolsetList,
  tools: toolTable,
  guessed: guessedTable,
  costs: costTable,
  essentials: essentialTable,
  settings: settingTable,
  platforms: platformTable,
  'command-line': commandLine,
  'user-columns': userColumnTable,
  'question-columns': questionColumnTable,
  faults: faultTable,
  invented: inventedTable,
  knobs: knobTable,
  faultkinds: faultKindTable,
}

export const blocks: Blocks = new Map(Object.entries(generators).map(([name, make]) => [name, make()]))
