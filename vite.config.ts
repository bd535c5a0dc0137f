import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig, type Plugin } from 'vite'

const root = fileURLToPath(new URL('./', import.meta.url))
const require = createRequire(import.meta.url)

/**
 * One module graph a process: on the server a door (`#registry`) or a model is never bundled. The build leaves it
 * to Node; in development a virtual module hands over Node's own instance.
 */
function oneModuleGraph(): Plugin {
  const doors = new Map<string, Record<string, unknown>>()
  Object.assign(globalThis, { __doors: doors })
  return {
    name: 'one-module-graph',
    enforce: 'pre',
    resolveId(id) {
      if (!id.startsWith('#') || this.environment.config.consumer !== 'server') return
      let file: string
      try {
        file = require.resolve(id)
      } catch {
        return
      }
      if (!/^src\/[a-z]+\/(index|model)\.ts$/.test(file.slice(root.length))) return
      return this.environment.mode === 'dev' ? '\0door:' + id : { id, external: true }
    },
    async load(id) {
      if (!id.startsWith('\0door:')) return
      const door = id.slice(6)
      const module = (await import(pathToFileURL(require.resolve(door)).href)) as Record<string, unknown>
      doors.set(door, module)
      const names = Object.keys(module).map((name) =>
        name === 'default' ? 'export default m.default' : `export const ${name} = m.${name}`,
      )
      return `const m = globalThis.__doors.get(${JSON.stringify(door)})\n${names.join('\n')}`
    },
  }
}

export default defineConfig({
  plugins: [
    oneModuleGraph(),
    sveltekit({
      adapter: adapter({ precompress: true }),
      inlineStyleThreshold: 0,
      // The one page that works without a network registers it, for itself alone.
      serviceWorker: { register: false },
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['none'],
          'script-src': ['self'],
          'style-src': ['self'],
          'style-src-attr': ['unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'font-src': ['self'],
          'media-src': ['self', 'blob:'],
          'connect-src': ['self'],
          'worker-src': ['self'],
          'manifest-src': ['self'],
          'form-action': ['self'],
          'base-uri': ['none'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
})
