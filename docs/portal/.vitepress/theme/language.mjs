// A reader picks a language once: every group of samples then shows it, on this page and the next ones.

const KEY = 'bindery-sample-language'

/** Shows the reader's language in all groups, and remembers another choice. */
export function followLanguage() {
  document.addEventListener('change', ({ target }) => {
    const label = labelOf(target)
    if (!label) return
    remember(label)
    show(label)
  })
  new MutationObserver(() => show(remembered())).observe(document.documentElement, { childList: true, subtree: true })
}

function labelOf(input) {
  if (!input?.matches?.('.vp-code-group .tabs input')) return null
  return input.closest('.tabs').querySelector(`label[for="${input.id}"]`)?.dataset.title ?? null
}

function show(label) {
  if (!label) return
  for (const group of document.querySelectorAll('.vp-code-group')) {
    const labels = [...group.querySelectorAll('.tabs label')]
    const index = labels.findIndex((one) => one.dataset.title === label)
    const input = index < 0 ? null : document.getElementById(labels[index].htmlFor)
    const blocks = group.querySelector('.blocks')?.children
    if (!input || !blocks || (input.checked && blocks[index]?.classList.contains('active'))) continue
    input.checked = true
    for (const block of blocks) block.classList.toggle('active', block === blocks[index])
  }
}

// A browser may refuse storage; the choice then lasts as long as the page.
let chosen = null

function remember(label) {
  chosen = label
  try {
    localStorage.setItem(KEY, label)
  } catch {}
}

function remembered() {
  try {
    return localStorage.getItem(KEY) ?? chosen
  } catch {
    return chosen
  }
}
