import { errorItems } from './errors.mjs'
import { operationGroups } from './operations.mjs'

const guides = [
  {
    text: 'Get started',
    items: [
      { text: 'Quickstart', link: '/guide/quickstart' },
      { text: 'Credentials', link: '/guide/credentials' },
      { text: 'Authentication', link: '/guide/authentication' },
      { text: 'Migrating from iBinder', link: '/guide/migrating' },
    ],
  },
  {
    text: 'Work with documents',
    items: [
      { text: 'Binders', link: '/guide/binders' },
      { text: 'Documents', link: '/guide/documents' },
      { text: 'Search', link: '/guide/search' },
      { text: 'Upload', link: '/guide/upload' },
      { text: 'Download', link: '/guide/download' },
      { text: 'GLOBAL_ keys', link: '/guide/global-keys' },
    ],
  },
  {
    text: 'Build it to last',
    items: [
      { text: 'Errors', link: '/guide/errors' },
      { text: 'Rate limits', link: '/guide/rate-limits' },
      { text: 'Safe retries and caching', link: '/guide/retries' },
      { text: 'For machines', link: '/guide/machines' },
    ],
  },
  {
    text: 'Run a server',
    items: [
      { text: 'Running Bindery', link: '/guide/running' },
      { text: 'Security', link: '/guide/security' },
    ],
  },
]

export const english = {
  label: 'English',
  lang: 'en',
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/guide/quickstart', activeMatch: '^/(guide|errors)/' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      { text: 'Playground', link: '/playground' },
      { text: 'Changelog', link: '/changelog' },
    ],
    sidebar: {
      '/guide/': guides,
      '/errors/': [...guides, { text: 'Kinds of errors', items: errorItems('') }],
      '/reference/': [{ text: 'Reference', items: [{ text: 'All on one page', link: '/reference/' }] }, ...operationGroups()],
    },
    outline: { level: [2, 3], label: 'On this page' },
    docFooter: { prev: 'Previous', next: 'Next' },
  },
}
