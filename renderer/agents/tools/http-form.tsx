import { Button, Select } from '@mantine/core'
import { readFields } from '../output/field-rows.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { CodeInput } from './code-input.tsx'
import { HeadersForm } from './headers-form.tsx'
import { TemplateText } from './template-text.tsx'
import { useTool } from './tool-context.ts'
import { useTemplateWords } from './use-template-words.ts'
import classes from './tools-tab.module.css'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const coloured = (text: string) => <TemplateText text={text} />

/** The request as templates over the arguments, the call's variables and the tool's secrets. */
export function HttpForm() {
  const { read_only, pointerOf, textAt, set, errorAt } = useTool()
  const words = useTemplateWords()
  const method = textAt('method') || 'POST'
  return (
    <section className={classes.section} aria-label="Request">
      <div className={classes.sectionHead}>
        <h2 className={classes.heading}>Request</h2>
        <span className={classes.hint}>
          Write <code className="mono">{'{{'}</code> for the arguments, variables and secrets.
        </span>
      </div>
      <div className={classes.address}>
        <Select
          label="Method"
          w={96}
          readOnly={read_only}
          data={METHODS.includes(method) ? METHODS : [...METHODS, method]}
          data-pointer={pointerOf('method')}
          error={errorAt('method')}
          value={method}
          onChange={(value) => set(['method'], value ?? undefined)}
        />
        <div className={classes.grow}>
          <CodeInput
            label="URL"
            placeholder="https://api.example.com/orders/{{ arguments.order_id }}"
            value={textAt('url')}
            onChange={(text) => set(['url'], text)}
            colour={coloured}
            words={words}
            readOnly={read_only}
            pointer={pointerOf('url')}
            error={errorAt('url')}
          />
        </div>
      </div>
      <HeadersForm words={words} />
      <Body method={method} />
    </section>
  )
}

/** Absent, the arguments are sent as they are; most services want no more. */
function Body({ method }: { method: string }) {
  const { content } = useWorkspace()
  const { index, read_only, pointerOf, at, textAt, set, errorAt } = useTool()
  const words = useTemplateWords()
  const inQuery = method === 'GET' || method === 'DELETE'
  if (at('body') === undefined) {
    const names = readFields(content, ['tools', index, 'parameters']).map(({ field_name }) => field_name)
    const begin = () => set(['body'], exampleBody(names))
    return (
      <div className={classes.line}>
        <span className={classes.text}>
          {inQuery ? 'The arguments that the URL does not name go into its query.' : 'The arguments are sent as a JSON object.'}
        </span>
        {!read_only && <Button onClick={begin}>Write a body of your own</Button>}
      </div>
    )
  }
  return (
    <div>
      <CodeInput
        label="Body"
        lines={3}
        value={textAt('body')}
        onChange={(text) => set(['body'], text)}
        colour={coloured}
        words={words}
        readOnly={read_only}
        pointer={pointerOf('body')}
        error={errorAt('body')}
      />
      {!read_only && (
        <Button mt={6} onClick={() => set(['body'], undefined)}>
          Send the arguments instead
        </Button>
      )}
    </div>
  )
}

/** `json` writes quotes, numbers and lists as JSON wants them. */
const exampleBody = (names: readonly string[]): string =>
  names.length === 0 ? '{}' : `{\n${names.map((name) => `  "${name}": {{ arguments.${name} | json }}`).join(',\n')}\n}`
