import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../../../../src/web/status/html.ts';

test('html: what is put in is escaped, in text and in attributes', () => {
  const hostile = `<script>"'&</script>`;
  const escaped = '&lt;script&gt;&quot;&#39;&amp;&lt;/script&gt;';
  assert.equal(html`<a href="${hostile}">${hostile}</a>`.text, `<a href="${escaped}">${escaped}</a>`);
});

test('html: templates and lists of them go in as they are, undefined and false are nothing', () => {
  const parts = [html`<b>1</b>`, '<', 2];
  assert.equal(html`${parts}${undefined}${false}${0}${html`<i></i>`}`.text, '<b>1</b>&lt;20<i></i>');
});
