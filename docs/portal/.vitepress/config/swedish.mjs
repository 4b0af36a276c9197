import { errorItems } from './errors.mjs'

const guides = [
  {
    text: 'Kom igång',
    items: [
      { text: 'Snabbstart', link: '/sv/guide/quickstart' },
      { text: 'Klientuppgifter', link: '/sv/guide/credentials' },
      { text: 'Autentisering', link: '/sv/guide/authentication' },
      { text: 'Flytta från iBinder', link: '/sv/guide/migrating' },
    ],
  },
  {
    text: 'Arbeta med dokument',
    items: [
      { text: 'Pärmar', link: '/sv/guide/binders' },
      { text: 'Dokument', link: '/sv/guide/documents' },
      { text: 'Sökning', link: '/sv/guide/search' },
      { text: 'Uppladdning', link: '/sv/guide/upload' },
      { text: 'Nedladdning', link: '/sv/guide/download' },
      { text: 'GLOBAL_-nycklar', link: '/sv/guide/global-keys' },
    ],
  },
  {
    text: 'Bygg hållbart',
    items: [
      { text: 'Fel', link: '/sv/guide/errors' },
      { text: 'Begränsad takt', link: '/sv/guide/rate-limits' },
      { text: 'Säkra omförsök och cachning', link: '/sv/guide/retries' },
      { text: 'För maskiner', link: '/sv/guide/machines' },
    ],
  },
  {
    text: 'Drifta en server',
    items: [
      { text: 'Köra Bindery', link: '/sv/guide/running' },
      { text: 'Säkerhet', link: '/sv/guide/security' },
    ],
  },
]

export const swedish = {
  label: 'Svenska',
  lang: 'sv',
  link: '/sv/',
  title: 'Bindery',
  description: 'Så bygger du på Binderys API: en dokumentplattform för fastighetsägare och byggprojekt.',
  themeConfig: {
    nav: [
      { text: 'Guider', link: '/sv/guide/quickstart', activeMatch: '^/sv/(guide|errors)/' },
      { text: 'Referens (engelska)', link: '/reference/' },
      { text: 'Provbänk', link: '/sv/playground' },
      { text: 'Ändringar (engelska)', link: '/changelog' },
    ],
    sidebar: {
      '/sv/guide/': guides,
      '/sv/errors/': [...guides, { text: 'Felsorter', items: errorItems('/sv') }],
    },
    outline: { level: [2, 3], label: 'På sidan' },
    docFooter: { prev: 'Föregående', next: 'Nästa' },
    darkModeSwitchLabel: 'Utseende',
    lightModeSwitchTitle: 'Byt till ljust utseende',
    darkModeSwitchTitle: 'Byt till mörkt utseende',
    sidebarMenuLabel: 'Innehåll',
    returnToTopLabel: 'Till toppen',
    langMenuLabel: 'Byt språk',
    skipToContentLabel: 'Hoppa till innehållet',
    notFound: {
      title: 'Sidan finns inte',
      quote: 'Adressen leder ingenstans. Sök ovan, eller börja om från startsidan.',
      linkLabel: 'Till startsidan',
      linkText: 'Till startsidan',
    },
  },
}
