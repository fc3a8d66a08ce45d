import { type RefusedCalls, wholeNumberMessage } from './refused-call.ts'

const run = 'car_execute_script'
/** A run that would start. */
export const validRun = { scriptId: 19218, assetIds: [21789601] }
const parameterised = { ...validRun, scriptId: 25209 }

export const runs: RefusedCalls = [
  ['no target', run, { scriptId: 19218 }, /The run has no target\. Pass assetIds or assetTagIds/],
  [
    'exclusions alone',
    run,
    { scriptId: 19218, excludedAssetIds: [21789601] },
    /The run has no target\. Pass/,
  ],
  [
    'a test nowhere',
    run,
    { scriptId: 19218, testMode: true },
    /evaluates on lab hosts\. Pass testAssets or tes/,
  ],
  [
    'a test on hosts',
    run,
    { ...validRun, testMode: true },
    /evaluates on lab hosts\. Pass testAssets or testTags/,
  ],
  [
    'lab hosts without a test',
    run,
    { scriptId: 19218, testAssets: [21791111] },
    /are for an evaluation\. Pass t/,
  ],
  [
    'lab hosts, said to be no test',
    run,
    { scriptId: 19218, testMode: false, testTags: [7512812] },
    /are for an evaluation\. Pass testMode: true with them/,
  ],
  [
    'lab hosts and others',
    run,
    { ...validRun, testMode: true, testAssets: [21791111] },
    /runs on lab hosts only\. Leave assetIds, assetTagIds and excludedAssetIds out/,
  ],
  [
    'a host in both lists',
    run,
    { ...validRun, assetTagIds: [7512801], excludedAssetIds: ['21789601'] },
    /Asset 21789601 is both a target and excluded\. Leave it out of one of the lists/,
  ],
  [
    'a host twice',
    run,
    { scriptId: 19218, assetIds: [21789601, '21789601'] },
    /assetIds: names an id twice; na/,
  ],
  [
    'no hosts in the list',
    run,
    { scriptId: 19218, assetIds: [] },
    /The run has no target\. Pass assetIds or assetTagIds/,
  ],
  [
    'hosts as one text',
    run,
    { scriptId: 19218, assetIds: '21789601,21789602' },
    /assetIds: must be a list of 1 /,
  ],
  [
    'two hosts in one',
    run,
    { scriptId: 19218, assetIds: ['21789601,21789602'] },
    /assetIds\.0: must be an id fr/,
  ],
  [
    'a host beyond 2^53',
    run,
    { scriptId: 19218, assetIds: [2 ** 53] },
    /assetIds\.0: must be an id from car_search_assets; write it as text, with all its digits$/,
  ],
  [
    'half a host',
    run,
    { scriptId: 19218, assetIds: [1.5] },
    /assetIds\.0: must be an id from car_search_assets/,
  ],
  [
    'no host',
    run,
    { scriptId: 19218, assetIds: [null] },
    /assetIds\.0: must be an id from car_search_assets/,
  ],
  [
    'an unknown lab host',
    run,
    { scriptId: 19218, testMode: true, testAssets: [7] },
    /shows no id 7, which car_exe/,
  ],
  ['a tag that no list shows', run, { scriptId: 19218, testMode: true, testTags: [99] }, /listed with it in/],
  ['an unknown script', run, { ...validRun, scriptId: 7 }, /Qualys knows no such id \(404/],
  ['a test that is a word', run, { ...validRun, testMode: 'yes' }, /testMode: must be true or false/],
  [
    'a delay without a reboot',
    run,
    { ...validRun, rebootDelayInSeconds: 5 },
    /is for a reboot\. Pass rebootAfterScript/,
  ],
  [
    'a delay, and no reboot',
    run,
    { ...validRun, rebootAfterScriptExecution: false, rebootDelayInSeconds: 0 },
    /rebootDelayInSeconds is for a reboot\. Pass rebootAfterScriptExecution: true as well/,
  ],
  [
    'a delay of two days',
    run,
    { ...validRun, rebootAfterScriptExecution: true, rebootDelayInSeconds: 172_800 },
    wholeNumberMessage('rebootDelayInSeconds', '86,400'),
  ],
  [
    'a missing parameter',
    run,
    parameterised,
    /Script 25209 also needs the parameter "path"\. Pass params with/,
  ],
  [
    'no parameter of several',
    run,
    { ...parameterised, params: [] },
    /also needs the parameter "path"\. Pass pa/,
  ],
  [
    'a surplus parameter',
    run,
    {
      ...parameterised,
      params: [
        { key: 'path', value: 'C:' },
        { key: 'depth', value: '3' },
      ],
    },
    /Script 25209 has no parameter "depth"\. It takes "path"\./,
  ],
  [
    'a parameter in other letters',
    run,
    { ...parameterised, params: [{ key: 'Path', value: 'C:' }] },
    /also needs the parameter "path"/,
  ],
  [
    'parameters of a script without',
    run,
    { ...validRun, params: [{ key: 'a', value: 'b' }] },
    /takes no parameters\. L/,
  ],
  [
    'a parameter twice',
    run,
    {
      ...parameterised,
      params: [
        { key: 'path', value: 'C:' },
        { key: 'path', value: 'D:' },
      ],
    },
    /params: names a key twice; name each once/,
  ],
  [
    'a parameter without a value',
    run,
    { ...validRun, params: [{ key: 'a' }] },
    /params\.0: needs either value or secr/,
  ],
  [
    'a parameter with two values',
    run,
    { ...validRun, params: [{ key: 'a', value: 'b', secret: 'db-password' }] },
    /params\.0: needs either value or secret/,
  ],
  [
    'a parameter of bytes',
    run,
    { ...validRun, params: [{ key: 'a', value: '\0' }] },
    /value: must be text, not bytes/,
  ],
  [
    'half a character',
    run,
    { ...validRun, params: [{ key: 'a', value: '\ud800' }] },
    /value: must be text, not bytes/,
  ],
  [
    'half a key',
    run,
    { ...validRun, params: [{ key: '\ud800', value: '' }] },
    /params\.0\.key: must be text, not byt/,
  ],
  [
    'a fraction with an exponent as a value',
    run,
    { ...validRun, params: [{ key: 'a', value: 2.5e-7 }] },
    /params\.0\.value: must be text; write "0\.00000025"$/,
  ],
  [
    'parameters as a map',
    run,
    { ...validRun, params: { path: 'C:' } },
    /params\.0: there is no argument "path"; there are key, value, secret/,
  ],
  [
    'parameters as text',
    run,
    { ...validRun, params: 'path=C:; depth=3' },
    /params: must be a list such as \[\{"key"/,
  ],
  [
    'a misspelt value',
    run,
    { ...validRun, params: [{ key: 'a', valeu: 'b' }] },
    /params\.0: .*did you mean value\?/,
  ],
]
