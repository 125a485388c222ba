import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'

/** The query string of an address, unread: each page parses its own. */
export interface AddressSearch {
  readonly q?: string
}

/** The query string of the page's address, and the way to change it. */
export interface Address {
  readonly parameters: URLSearchParams
  /** `isStep`: the browser's back button undoes it. */
  change(parameters: URLSearchParams, isStep: boolean): void
}

/** The address of the page: it holds the state of the page, so that a link shows what its sender saw. */
export function useAddress(): Address {
  const { q }: AddressSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  return useMemo(
    () => ({
      parameters: new URLSearchParams(q ?? ''),
      change: (parameters, isStep) => {
        const text = parameters.toString()
        void navigate({
          to: '.',
          search: text === '' ? {} : { q: text },
          replace: !isStep,
          resetScroll: false,
        })
      },
    }),
    [q, navigate],
  )
}

/** One named parameter of the address; the empty string removes it. */
export function useParameter(name: string): readonly [string, (value: string) => void] {
  const address = useAddress()
  const set = (value: string): void => {
    const parameters = new URLSearchParams(address.parameters)
    if (value === '') parameters.delete(name)
    else parameters.set(name, value)
    address.change(parameters, true)
  }
  return [address.parameters.get(name) ?? '', set]
}

/** A part of the address's path, by its name in the route. */
export function usePathPart(name: string): string {
  const parts: Readonly<Record<string, string | undefined>> = useParams({ strict: false })
  return parts[name] ?? ''
}
