/** Where a script waits until all are there. */
export async function together(): Promise<void> {
  process.stderr.write('ready\n')
  for await (const _ of process.stdin);
}
