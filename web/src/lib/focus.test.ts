// @vitest-environment jsdom
import { keepFocus } from './focus';

const add = (parent: Element, name: string): HTMLElement => parent.appendChild(document.createElement(name));
const turn = () => new Promise((resolve) => setTimeout(resolve));

test('focus goes back to where it was when the layers above are gone, one after the other', async () => {
  const end = keepFocus();
  const page = add(document.body, 'main'), opener = add(page, 'button');
  opener.focus();
  const drawer = add(document.body, 'div'), inner = add(drawer, 'button');
  inner.focus();
  const dialog = add(document.body, 'div');
  add(dialog, 'input').focus();
  dialog.remove();
  await turn();
  expect(document.activeElement).toBe(inner);
  drawer.remove();
  await turn();
  expect(document.activeElement).toBe(opener);
  end();
  const last = add(document.body, 'div');
  add(last, 'input').focus();
  last.remove();
  await turn();
  expect(document.activeElement).toBe(document.body);
});

test('focus that somebody took stays there', async () => {
  const end = keepFocus();
  const opener = add(document.body, 'button'), other = add(document.body, 'input'), drawer = add(document.body, 'div');
  opener.focus();
  add(drawer, 'input').focus();
  other.focus();
  drawer.remove();
  await turn();
  expect(document.activeElement).toBe(other);
  end();
});
