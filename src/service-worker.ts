import { assets, immutable } from '$app/manifest'
import { startWorker, type WorkerScope } from '#survey/ui/device/worker.ts'

startWorker(globalThis as unknown as WorkerScope, { immutable, assets })
