import type { RefusedCalls } from './refused-call.ts'

const block = 'car_add_blocked_commands'
const comma =
  /commands\.\d: must be one line without a comma, which Qualys parts commands by; block the parts/

export const guardrails: RefusedCalls = [
  ['a comma', block, { languageId: 201, commands: ['runas', 'rm -rf a,b'] }, comma],
  ['a line break', block, { languageId: 201, commands: ['a\nb'] }, comma],
  ['a line break of old', block, { languageId: 201, commands: ['a\rb'] }, comma],
  [
    'a comma in a change',
    'car_update_blocked_commands',
    { languageId: 201, commandId: 102, commands: [','] },
    comma,
  ],
  [
    'an empty command',
    block,
    { languageId: 201, commands: ['runas', ' '] },
    /commands\.1: must not be empty/,
  ],
  ['no command', block, { languageId: 201, commands: [] }, /commands: must hold at least one command/],
  [
    'commands as one text',
    block,
    { languageId: 201, commands: 'runas; rm' },
    /commands: must be a list of commands; write \["runas","rm"\]$/,
  ],
  [
    'a command of bytes',
    block,
    { languageId: 201, commands: ['a\0b'] },
    /commands\.0: must be text, not bytes/,
  ],
  [
    'an unknown language',
    block,
    { languageId: 9, commands: ['a'] },
    /car_list_script_languages shows no id 9/,
  ],
  ['no set', 'car_delete_blocked_commands', { commandIds: [] }, /commandIds: must be a list of 1 to 100 ids/],
  [
    'a set twice',
    'car_delete_blocked_commands',
    { commandIds: [102, '102'] },
    /commandIds: names an id twice/,
  ],
  ...['car_block_assets', 'car_unblock_assets', 'car_block_tags', 'car_unblock_tags'].flatMap((tool) => [
    ['an id twice', tool, { ids: [1, '1'] }, /ids: names an id twice; name each once/] as const,
    ['no id', tool, { ids: [] }, /ids: must be a list of 1 to 100 ids from car_search_/] as const,
    [
      '101 ids',
      tool,
      { ids: Array.from({ length: 101 }, (_, id) => id) },
      /must be a list of 1 to 100 ids/,
    ] as const,
    ['an id beyond 2^53', tool, { ids: [2 ** 53 + 2] }, /ids\.0: must be an id from car_search_/] as const,
  ]),
  ['a report without a name', 'car_generate_report', { templateName: 'x' }, /reportName: must be text/],
  [
    'a report up the tree',
    'car_delete_report',
    { reportId: '..' },
    /must be an id \(fileUuid\) from car_list_rep/,
  ],
]
