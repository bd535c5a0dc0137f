#!/usr/bin/env node
import { join } from 'node:path'
import { exec, install, root } from './start.js'

install()
exec(['--disable-warning=ExperimentalWarning', join(root, 'src', 'cli.ts'), ...process.argv.slice(2)])
