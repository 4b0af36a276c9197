import { defineConfig } from 'vitepress'
import { english } from './config/english.mjs'
import { swedish } from './config/swedish.mjs'
import { shiki } from './config/shiki.mjs'
import { searchOptions } from './config/search.mjs'
import { finish } from '../generator/finish.mjs'

// The site is built once and served by the program at /docs/. Nothing in it names another host.
export default defineConfig({
  base: '/docs/',
  outDir: 'dist',
  cleanUrls: true,
  metaChunk: true,
  // A page ships what its reader asked for, not what every link on it leads to.
  router: { prefetchLinks: false },
  title: 'Bindery',
  titleTemplate: ':title · Bindery',
  description: 'How to build on the API of Bindery, a document platform for property owners and construction projects.',
  srcExclude: ['node_modules/**', 'test/**', 'README.md'],
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/docs/mark.svg' }],
    ['link', { rel: 'alternate', type: 'application/atom+xml', title: 'Changes of Bindery', href: '/docs/changelog.atom' }],
    ['meta', { name: 'theme-color', content: '#faf8f4', media: '(prefers-color-scheme: light)' }],
    ['meta', { name: 'theme-color', content: '#171817', media: '(prefers-color-scheme: dark)' }],
  ],
  locales: { root: english, sv: swedish },
  markdown: { ...shiki, math: false, image: { lazyLoading: true } },
  themeConfig: {
    // The theme calls the link otherwise for those who hear the page than for those who see it.
    notFound: { linkText: 'Take me home', linkLabel: 'Take me home' },
    search: { provider: 'local', options: searchOptions },
    externalLinkIcon: true,
  },
  transformHead: ({ pageData }) => {
    const twin = `/docs/${pageData.relativePath}`
    return pageData.relativePath.endsWith('.md') && !pageData.isNotFound
      ? [['link', { rel: 'alternate', type: 'text/markdown', title: 'This page as Markdown', href: twin }]]
      : []
  },
  transformPageData: (pageData) => {
    pageData.frontmatter.twin = `/${pageData.relativePath}`
  },
  buildEnd: finish,
  vite: {
    build: { chunkSizeWarningLimit: 900 },
  },
})
