// Full-text search runs in the browser over an index that is part of the site.
export const searchOptions = {
  detailedView: true,
  locales: {
    sv: {
      translations: {
        button: { buttonText: 'Sök', buttonAriaLabel: 'Sök' },
        modal: {
          displayDetails: 'Visa utdrag',
          resetButtonTitle: 'Töm sökningen',
          backButtonTitle: 'Stäng sökningen',
          noResultsText: 'Inget hittades för',
          footer: { selectText: 'välj', navigateText: 'bläddra', closeText: 'stäng' },
        },
      },
    },
  },
  miniSearch: {
    // No functions here: VitePress would make them of text in the browser, which the server's policy forbids.
    searchOptions: { fuzzy: 0.1, prefix: true, boost: { title: 6, text: 1, titles: 2 } },
  },
}
