import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { api } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import { Button, type ButtonLook } from '../ui/button.tsx'
import { ErrorState } from '../ui/state.tsx'

/** A button that starts a run and goes to its page. */
export function StartRun(props: {
  readonly select: readonly string[]
  readonly look: ButtonLook
  readonly children: ReactNode
}): ReactNode {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const start = useMutation({
    mutationFn: () => api.startRun(props.select),
    onSuccess: async (run) => {
      void cache.invalidateQueries({ queryKey: keys.runs })
      await navigate({ to: '/runs/$id', params: { id: run.id } })
    },
  })
  return (
    <>
      <Button look={props.look} icon="play" isDisabled={start.isPending} onPress={() => start.mutate()}>
        {props.children}
      </Button>
      {start.isError ? <ErrorState error={start.error} /> : null}
    </>
  )
}
