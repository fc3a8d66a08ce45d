/** Where a script waits until all the others have started. */
export async function waitForOthers(): Promise<void> {
  process.stderr.write('ready\n')
  for await (const _ of process.stdin);
}
