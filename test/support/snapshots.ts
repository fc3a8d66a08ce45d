import { expect } from 'vitest'

/** True if snapshots are written (`npm run snapshots`). */
export const isUpdating = (): boolean => expect.getState().snapshotState.snapshotUpdateState === 'all'
