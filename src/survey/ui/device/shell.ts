/** Where the built files lie; their names change with what they hold. */
const built = '_app/immutable/'
const reference = /["'(]((?:\.{1,2}\/|\/)?(?:[\w-]+\/)*[\w.@-]+\.(?:js|css|woff2|svg|webp|png|jpg|json))["')]/g

/**
 * Addresses of built files that a text names: a page, a script or a style sheet.
 * @param at address of the text itself, such as `/_app/immutable/nodes/3.js`
 */
export function builtFilesIn(text: string, at: string): string[] {
  const found = [...text.matchAll(reference)].map(
    ([, path]) =>
      // What Vite loads ahead is named from the root.
      new URL(path!.startsWith(built) ? `/${path}` : path!, `http://any${at}`).pathname,
  )
  return [...new Set(found)].filter((path) => path.startsWith(`/${built}`))
}

/** The entry of the application names the nodes of all pages; those of this page are named by the page itself. */
const isOfAnotherPage = (path: string, by: string) => by.includes('/entry/') && path.includes('/nodes/')

const isText = (path: string) => /\.(js|css)$/.test(path)

/** What a cache of the browser does here. */
export interface FileCache {
  match(path: string): Promise<Response | undefined>
  put(path: string, response: Response): Promise<void>
}

/**
 * Puts into a cache all that a page needs to work without network: the files that it names, those that these name, and
 * so on. What is there already is not fetched again.
 * @throws {Error} when one of them cannot be had: the page would not work
 */
export async function keepFilesOf(
  html: string,
  at: string,
  cache: FileCache,
  fetcher: (path: string) => Promise<Response>,
): Promise<void> {
  const seen = new Set<string>()
  const queue = builtFilesIn(html, at)
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    let response = await cache.match(path)
    if (!response) {
      response = await fetcher(path)
      if (!response.ok) throw new Error(`${path}: ${response.status}`)
      await cache.put(path, response.clone())
    }
    const from = path
    if (isText(path))
      queue.push(...builtFilesIn(await response.text(), path).filter((one) => !isOfAnotherPage(one, from)))
  }
}
