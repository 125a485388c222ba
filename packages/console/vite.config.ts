import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

/** Languages of the console; React Aria's texts in the others are left out of the bundle. */
const languages = new Set(['en-US', 'es-ES'])

function onlyOurLanguages(): Plugin {
  return {
    name: 'caudal:only-our-languages',
    enforce: 'pre',
    load(id) {
      const language =
        /[\\/]react-(?:aria|stately)(?:-components)?[\\/].*[\\/]([a-z]{2}-[A-Z]{2})\.m?js$/.exec(id)?.[1]
      return language === undefined || languages.has(language) ? undefined : 'export default {}'
    },
  }
}

const server = 'http://127.0.0.1:4700'

const config: UserConfig = defineConfig({
  plugins: [onlyOurLanguages(), react()],
  resolve: { conditions: ['@caudal/source', 'module', 'browser', 'production'] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    chunkSizeWarningLimit: 900,
  },
  server: { host: '127.0.0.1', proxy: { '/api': server } },
})

export default config
