type Call = readonly [tool: string, args: object]

/** A call for each kind of effect, with ids that the sandbox has. */
export const effectCalls: Readonly<Record<'execute' | 'update' | 'create' | 'delete', Call>> = {
  execute: ['car_execute_script', { scriptId: 19218, assetIds: [21789601] }],
  update: ['car_update_script', { scriptId: 61179, title: 'Another title' }],
  create: ['car_clone_script', { scriptId: 61179, title: 'A copy' }],
  delete: ['car_delete_blocked_commands', { commandIds: [102] }],
}

export const [execute, run] = effectCalls.execute
