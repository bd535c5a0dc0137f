import { openSync, fsyncSync, closeSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import type { PGlite } from '@electric-sql/pglite'

interface Stream {
  nfd?: number
  node: { mount: { opts: { root: string } } }
}

interface NodeFilesystem {
  stream_ops: { fsync?: (stream: Stream) => number }
}

/** How often fsync was called since the start of this thread; a test reads it. */
export const fsyncCounter = { calls: 0 }

/**
 * PGlite's file system in a folder, with a real fsync: Emscripten's NODEFS has none, so that a power cut could lose
 * acknowledged commits (docs/decisions/0003-pglite-durable.md).
 */
export class DurableFS extends NodeFS {
  override async init(pg: PGlite, options: Parameters<NodeFS['init']>[1]) {
    const prepared = await super.init(pg, options)
    const preRun = [
      ...((prepared.emscriptenOpts.preRun as unknown[] | undefined) ?? []),
      (module: { FS: { filesystems?: { NODEFS: NodeFilesystem } }; NODEFS: NodeFilesystem }) => {
        const nodefs = module.FS.filesystems?.NODEFS ?? module.NODEFS
        nodefs.stream_ops.fsync = (stream) => {
          fsyncCounter.calls++
          if (typeof stream.nfd === 'number') fsyncSync(stream.nfd)
          return 0
        }
      },
    ]
    return { ...prepared, emscriptenOpts: { ...prepared.emscriptenOpts, preRun } } as typeof prepared
  }
}

/** Makes the creation of files in a folder durable. */
export function syncFolder(folder: string) {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
