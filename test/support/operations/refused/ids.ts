import { validImport } from './library.ts'
import type { RefusedCalls } from './refused-call.ts'
import { validScript } from './scripts.ts'

// Ids that are numbers on the wire: a word would become null.

const tools: readonly (readonly [tool: string, argument: string, args: (id: string) => object])[] = [
  ['car_create_script', 'categoryId', (categoryId) => ({ ...validScript, categoryId })],
  ['car_update_script', 'categoryId', (categoryId) => ({ scriptId: 16515, categoryId })],
  ['car_import_library_script', 'id', (id) => ({ ...validImport, id })],
  ['car_import_library_script', 'categoryId', (categoryId) => ({ ...validImport, categoryId })],
  [
    'car_update_blocked_commands',
    'commandId',
    (commandId) => ({ languageId: 201, commandId, commands: ['a'] }),
  ],
  ['car_delete_blocked_commands', 'commandIds', (commandId) => ({ commandIds: [102, commandId] })],
  ['car_block_assets', 'assetIds', (id) => ({ assetIds: [21789601, id] })],
  ['car_unblock_assets', 'assetIds', (id) => ({ assetIds: [id] })],
  ['car_block_tags', 'tagIds', (id) => ({ tagIds: [id] })],
  ['car_unblock_tags', 'tagIds', (id) => ({ tagIds: [id] })],
]

const noNumbers = ['Infinity', 'abc', '1.5']

export const numberIds: RefusedCalls = tools.flatMap(([tool, argument, args]) =>
  noNumbers.map((id) => [`${argument} ${id}`, tool, args(id), /must be|no number|is no id of a/] as const),
)
