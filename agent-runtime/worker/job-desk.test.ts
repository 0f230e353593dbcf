import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createJobDesk } from './job-desk.ts'

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

function startDesk() {
  const heard: string[] = []
  const desk = createJobDesk({
    onTerminated: (job_id) => heard.push(`terminated ${job_id}`),
    onSilence: (job_id) => heard.push(`silence ${job_id}`),
  })
  return { desk, heard }
}

test('an offer without an answer is refused before the server stops waiting; the answer after it does not count', () => {
  const { desk, heard } = startDesk()
  desk.offered('a')
  vi.advanceTimersByTime(9000)
  expect(heard).toEqual(['silence a'])
  expect(desk.answered('a', true)).toBe(false)
})

test('a job that was taken and does not come is called off', () => {
  const { desk, heard } = startDesk()
  desk.offered('a')
  expect(desk.answered('a', true)).toBe(true)
  expect(desk.running()).toBe(1)
  vi.advanceTimersByTime(10_000)
  expect(heard).toEqual(['terminated a'])
  expect(desk.running()).toBe(0)
})

test('what runs outlives the connection; what was only taken does not', () => {
  const { desk, heard } = startDesk()
  for (const job_id of ['runs', 'taken', 'offered']) desk.offered(job_id)
  desk.answered('runs', true)
  desk.assigned('runs')
  desk.answered('taken', true)
  desk.lineLost()
  vi.advanceTimersByTime(60_000)
  expect(heard).toEqual(['terminated taken'])
  expect(desk.list()).toEqual(['runs'])
  desk.ended('runs')
  expect([desk.has('runs'), desk.running()]).toEqual([false, 0])
})
