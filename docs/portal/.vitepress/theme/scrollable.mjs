/** Lets the keyboard scroll what is wider than the page: code and tables (WCAG 2.1.1). */
export function scrollableByKeys() {
  for (const box of document.querySelectorAll('.vp-doc pre, .vp-doc table')) {
    if (box.scrollWidth > box.clientWidth) box.setAttribute('tabindex', '0')
    else if (box.tagName === 'TABLE') box.removeAttribute('tabindex')
  }
}
