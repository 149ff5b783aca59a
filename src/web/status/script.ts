/** The script of the status page: it fetches the page again and brings what is shown in line with it. */
export const STATUS_SCRIPT = `'use strict';
const REFRESH_MS = 5000;
const TYPING_MS = 200;
const note = document.getElementById('note');
const pause = document.getElementById('pause');
const filter = document.getElementById('q');
let timer;
let typing;
let request;
let isPaused = false;

// Makes an element like another one with as few changes as possible, so that focus, selection and scrolling stay.
function morph(before, after) {
  if (before.isEqualNode(after)) return before;
  if (before.nodeType !== 1 || before.nodeName !== after.nodeName || before.id !== after.id) {
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

function morphChildren(before, after) {
  const known = new Map();
  for (const child of before.children) if (child.id) known.set(child.id, child);
  let at = before.firstChild;
  for (const child of [...after.childNodes]) {
    const match = child.id ? known.get(child.id) : at && !at.id ? at : undefined;
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

function show(text) {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const focused = document.activeElement;
  morph(document.getElementById('live'), page.getElementById('live'));
  document.title = page.title;
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

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
    if (!response.ok) throw new Error('the exporter answers ' + response.status);
    show(text);
    say('');
  } catch (error) {
    if (signal.aborted) return;
    document.body.classList.add('old');
    say('Not up to date: ' + (error instanceof TypeError ? 'the exporter cannot be reached' : error.message));
    schedule(REFRESH_MS);
    return;
  }
  document.body.classList.remove('old');
  // A page so long that it is work to refresh is refreshed less often.
  schedule(Math.max(REFRESH_MS, 10 * (performance.now() - began)));
}

function schedule(afterMs) {
  clearTimeout(timer);
  if (!isPaused && !document.hidden) timer = setTimeout(refresh, afterMs);
}

function go(search) {
  history.replaceState(null, '', search);
  refresh();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-live]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.getAttribute('href'));
});

filter.form.addEventListener('submit', (event) => {
  event.preventDefault();
  applyFilter();
});

filter.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(applyFilter, TYPING_MS);
});

function applyFilter() {
  clearTimeout(typing);
  const search = new URLSearchParams(location.search);
  if (filter.value === '') search.delete('q');
  else search.set('q', filter.value);
  go('?' + search);
}

pause.addEventListener('click', () => {
  isPaused = !isPaused;
  pause.setAttribute('aria-pressed', isPaused);
  if (isPaused) clearTimeout(timer);
  else refresh();
});

document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else if (!isPaused) refresh();
});

document.documentElement.classList.add('live');
pause.hidden = false;
schedule(REFRESH_MS);
`;
