// Colours of code. Both themes reach a contrast of 4.5:1 on the background that the style sheets give to code.
export const shiki = {
  theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  languageAlias: { curl: 'sh' },
}
