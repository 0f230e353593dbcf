import { Button, Checkbox, Textarea } from '@mantine/core'
import { useEffect, useId, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { JsonText } from '../../ui/json-text.tsx'
import type { RoomCall } from './room-call.ts'
import { parseJson } from '../../../core/json.ts'
import type { ToolQuestion } from './rpc-log.ts'
import classes from './room.module.css'

/** The agent asks this app to do something: whoever sits here answers for the app that would be there. */
export function ToolQuestions({ room }: { room: RoomCall }) {
  const questions = useStore(room.store, (state) => state.questions)
  const open = questions.filter(({ state }) => state === 'open')
  if (open.length === 0) return null
  return (
    <div className={classes.questions}>
      {open.map((question) => (
        <Question key={question.id} question={question} room={room} />
      ))}
    </div>
  )
}

const pretty = (payload: string): string => {
  const value = parseJson(payload)
  return value === undefined ? payload : JSON.stringify(value, undefined, 2)
}

function Question({ question, room }: { question: ToolQuestion; room: RoomCall }) {
  const { id, tool, method, payload, suggested } = question
  const [text, setText] = useState(suggested)
  const [always, setAlways] = useState(false)
  const title = useId()
  const valid = parseJson(text) !== undefined
  const answer = () => {
    if (!valid) return
    if (always) room.answerAlways(method, text)
    room.answer(id, text)
  }
  return (
    <form
      className={classes.question}
      aria-labelledby={title}
      onSubmit={(event) => {
        event.preventDefault()
        answer()
      }}
    >
      <strong id={title} role="alert">
        The agent asks your app: {tool}
      </strong>
      <pre className={classes.payload} tabIndex={0} aria-label="What it asks with">
        <JsonText text={pretty(payload)} />
      </pre>
      <Textarea
        label="Answer of your app"
        description="JSON, as the app would send it"
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={text}
        error={valid ? undefined : 'Not JSON yet'}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          event.stopPropagation()
          answer()
        }}
      />
      <Deadline from={question.asked_at} to={question.deadline} />
      <div className={classes.row}>
        <Button type="submit" variant="filled" disabled={!valid}>
          Answer
        </Button>
        <Button onClick={() => room.refuse(id)}>Refuse</Button>
        <Checkbox
          size="xs"
          label="Always answer like this in this call"
          checked={always}
          onChange={({ currentTarget: { checked } }) => setAlways(checked)}
        />
      </div>
    </form>
  )
}

/** How long the agent still waits; drawn without React. */
function Deadline({ from, to }: { from: number; to: number }) {
  const bar = useRef<HTMLDivElement>(null)
  const words = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const draw = () => {
      const left = Math.max(0, to - Date.now())
      const text = `${Math.ceil(left / 1000)} s left`
      bar.current?.style.setProperty('transform', `scaleX(${(left / Math.max(1, to - from)).toFixed(3)})`)
      bar.current?.parentElement?.setAttribute('aria-valuetext', text)
      bar.current?.parentElement?.setAttribute('aria-valuenow', String(Math.ceil(left / 1000)))
      if (words.current) words.current.textContent = text
    }
    draw()
    const timer = setInterval(draw, 200)
    return () => clearInterval(timer)
  }, [from, to])
  return (
    <div className={classes.row}>
      <div
        className={classes.deadline}
        role="progressbar"
        aria-label="Time to answer"
        aria-valuemin={0}
        aria-valuemax={Math.ceil((to - from) / 1000)}
        aria-valuenow={Math.ceil((to - from) / 1000)}
      >
        <div ref={bar} className={classes.deadlineLeft} />
      </div>
      <span ref={words} className={classes.dim} />
    </div>
  )
}
