import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { Empty } from './empty.tsx'

type Props = Readonly<{ children: ReactNode; /** Another place gets another try. */ place: string }>

type State = Readonly<{ error: Error | undefined }>

/** A part that broke says so and leaves the rest of the studio working. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override componentDidUpdate(before: Props) {
    if (before.place !== this.props.place && this.state.error) this.setState({ error: undefined })
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div role="alert" style={{ height: '100%' }}>
        <Empty
          title="This part of the studio broke"
          hint={`${error.message}. What you typed is kept by the host; try again, or reload the page.`}
          action={
            <>
              <Button onClick={() => this.setState({ error: undefined })}>Try again</Button>
              <Button onClick={() => window.location.reload()}>Reload the page</Button>
            </>
          }
        />
      </div>
    )
  }
}
