import { defineAsyncComponent, h } from 'vue'
import DefaultTheme from 'vitepress/theme-without-fonts'
import Mark from './components/Mark.vue'
import PageTools from './components/PageTools.vue'
import TryIt from './components/TryIt.vue'
import { followLanguage } from './language.mjs'
import { scrollableByKeys } from './scrollable.mjs'
import './style/fonts.css'
import './style/colours.css'
import './style/type.css'
import './style/chrome.css'
import './style/code.css'
import './style/reference.css'
import './style/home.css'

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      'nav-bar-title-before': () => h(Mark),
      'doc-before': () => h(PageTools),
    }),
  enhanceApp({ app, router }) {
    app.component('TryIt', TryIt)
    // The playground is large, and of use only to those who open it.
    app.component('Playground', defineAsyncComponent(() => import('./playground/Playground.vue')))
    if (typeof window === 'undefined') return
    followLanguage()
    const before = router.onAfterRouteChange
    router.onAfterRouteChange = (to) => {
      before?.(to)
      requestAnimationFrame(scrollableByKeys)
    }
    window.addEventListener('load', scrollableByKeys)
  },
}
