import { expect, test } from 'vitest'
import { createScreen } from './terminal.ts'

function screenOn(isTerminal: boolean) {
  const written = { out: '', err: '' }
  let now = 0
  const terminal = {
    out: (text: string) => (written.out += text),
    err: (text: string) => (written.err += text),
    isTerminal,
    cwd: '/',
  }
  return { written, screen: createScreen(terminal, () => now), wait: (ms: number) => (now += ms) }
}

test('on a terminal progress is one line, gone before the next line of text', () => {
  const { written, screen } = screenOn(true)
  screen.progress('un')
  screen.progress('deux')
  screen.print('fini')
  expect(written).toEqual({ out: 'fini\n', err: '\r\u001B[2Kun\r\u001B[2Kdeux\r\u001B[2K' })
})

test('elsewhere progress is a line every tenth, and starts again with a new piece of work', () => {
  const { written, screen } = screenOn(false)
  for (let i = 0; i <= 1000; i++) screen.progress(String(i), i / 1000)
  expect(written.err.split('\n')).toEqual([
    '0',
    '100',
    '200',
    '300',
    '400',
    '500',
    '600',
    '700',
    '800',
    '900',
    '1000',
    '',
  ])
  screen.progress('again', 0)
  expect(written.err).toContain('again')
})

test('elsewhere progress of unknown share is a line every ten seconds', () => {
  const { written, screen, wait } = screenOn(false)
  for (let i = 0; i < 60; i++) {
    screen.progress(String(i))
    wait(1000)
  }
  expect(written.err.split('\n')).toEqual(['0', '10', '20', '30', '40', '50', ''])
})
