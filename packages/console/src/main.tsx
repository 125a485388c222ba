import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/queries.ts'
import { applyTheme } from './i18n/settings-store.ts'
import { Pages } from './shell/router.tsx'
import './styles/tokens.css'
import './styles/base.css'

applyTheme()
const element = document.getElementById('root')
if (element === null) throw new Error('Invariant broken: index.html has an element #root')
createRoot(element).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Pages />
    </QueryClientProvider>
  </StrictMode>,
)
