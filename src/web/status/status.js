// The script of the status page: it fetches the page again and changes what is shown to match.

const REFRESH_MS = 5000;
const TYPING_MS = 200;
const note = find(document, 'note', HTMLElement);
const pause = find(document, 'pause', HTMLButtonElement);
const filter = find(document, 'q', HTMLInputElement);
/** @type {number | undefined} */
let timer;
/** @type {number | undefined} */
let typing;
/** @type {AbortController | undefined} */
let request;
let isPaused = false;

/**
 * @template {Element} T
 * @param {Document} page
 * @param {string} id
 * @param {new () => T} type
 */
function find(page, id, type) {
  const found = page.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

/**
 * Makes a node equal to another one with as few changes as possible, so that focus, selection and scrolling stay.
 *
 * @param {ChildNode} before
 * @param {ChildNode} after
 */
function morph(before, after) {
  if (before.isEqualNode(after)) return before;
  const areElements = before instanceof Element && after instanceof Element;
  if (!areElements || before.nodeName !== after.nodeName || before.id !== after.id) {
    before.replaceWith(after);
    return after;
  }
  for (const { name } of [...before.attributes]) if (!after.hasAttribute(name)) before.removeAttribute(name);
  for (const { name, value } of after.attributes) {
    if (before.getAttribute(name) !== value) before.setAttribute(name, value);
  }
  morphChildren(before, after);
  return before;
}

/**
 * @param {Element} before
 * @param {Element} after
 */
function morphChildren(before, after) {
  const known = new Map(Array.from(before.children, (child) => [child.id, child]));
  let at = before.firstChild;
  for (const child of [...after.childNodes]) {
    const match = matchOf(child, at, known);
    if (match === undefined) {
      before.insertBefore(child, at);
      continue;
    }
    if (match !== at) before.insertBefore(match, at);
    at = morph(match, child).nextSibling;
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/**
 * The node to change into a new child: the one with its id or, if neither has an id, the one that stands there.
 *
 * @param {ChildNode} child
 * @param {ChildNode | null} at
 * @param {Map<string, ChildNode>} known
 */
function matchOf(child, at, known) {
  if (child instanceof Element && child.id) return known.get(child.id);
  return at === null || (at instanceof Element && at.id) ? undefined : at;
}

/** @param {string} text */
function show(text) {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const focused = document.activeElement;
  morph(find(document, 'live', HTMLElement), find(page, 'live', HTMLElement));
  document.title = page.title;
  const isLost = focused !== document.activeElement && focused?.isConnected;
  if (isLost && focused instanceof HTMLElement) focused.focus({ preventScroll: true });
}

/** @param {string} text */
function say(text) {
  if (note.textContent !== text) note.textContent = text;
}

async function refresh() {
  clearTimeout(timer);
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  const began = performance.now();
  try {
    const response = await fetch(location.href, { signal, cache: 'no-store' });
    const text = await response.text();
    if (!response.ok) throw new Error(`the exporter answers ${response.status}`);
    show(text);
    say('');
  } catch (error) {
    if (signal.aborted) return;
    document.body.classList.add('old');
    const isAnswered = error instanceof Error && !(error instanceof TypeError);
    say(`Not up to date: ${isAnswered ? error.message : 'the exporter cannot be reached'}`);
    schedule(REFRESH_MS);
    return;
  }
  document.body.classList.remove('old');
  // A page so long that it is work to refresh is refreshed less often.
  schedule(Math.max(REFRESH_MS, 10 * (performance.now() - began)));
}

/** @param {number} afterMs */
function schedule(afterMs) {
  clearTimeout(timer);
  if (!isPaused && !document.hidden) timer = setTimeout(refresh, afterMs);
}

/** @param {string} search */
function go(search) {
  history.replaceState(null, '', search);
  void refresh();
}

function applyFilter() {
  clearTimeout(typing);
  const search = new URLSearchParams(location.search);
  if (filter.value === '') search.delete('q');
  else search.set('q', filter.value);
  go(`?${search}`);
}

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element && event.target.closest('a[data-live]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.getAttribute('href') ?? '?');
});

filter.form?.addEventListener('submit', (event) => {
  event.preventDefault();
  applyFilter();
});

filter.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(applyFilter, TYPING_MS);
});

pause.addEventListener('click', () => {
  isPaused = !isPaused;
  pause.setAttribute('aria-pressed', String(isPaused));
  if (isPaused) clearTimeout(timer);
  else void refresh();
});

document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else if (!isPaused) void refresh();
});

document.documentElement.classList.add('live');
pause.hidden = false;
schedule(REFRESH_MS);
