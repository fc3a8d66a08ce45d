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
  ...(['assets', 'tags'] as const).flatMap((what) =>
    (['block', 'unblock'] as const).flatMap((verb) => {
      const [tool, name] = [`car_${verb}_${what}`, what === 'assets' ? 'assetIds' : 'tagIds']
      const tooMany = Array.from({ length: 101 }, (_, id) => id)
      const notIds = new RegExp(`${name}: must be a list of 1 to 100 ids from car_search_`)
      return [
        ['an id twice', tool, { [name]: [1, '1'] }, new RegExp(`${name}: names an id twice; name each once`)],
        ['no id', tool, { [name]: [] }, notIds],
        ['101 ids', tool, { [name]: tooMany }, notIds],
        ['an id beyond 2^53', tool, { [name]: [2 ** 53 + 2] }, new RegExp(`${name}\\.0: must be an id from`)],
      ] as const
    }),
  ),
  ['a report without a name', 'car_generate_report', { templateName: 'x' }, /reportName: must be text/],
  [
    'a report up the tree',
    'car_delete_report',
    { reportId: '..' },
    /must be an id \(fileUuid\) from car_list_rep/,
  ],
]
