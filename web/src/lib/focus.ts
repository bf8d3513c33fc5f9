const kRemembered = 20;

// Once a layer is taken from the page and focus is lost with it, what had it last of what is left has it again: the
// keyboard goes on where it was. Returns what ends this.
export function keepFocus(): () => void {
  let had: HTMLElement[] = []; // the latest first
  const onFocus = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement) had = [target, ...had.filter((one) => one !== target && one.isConnected)].slice(0, kRemembered);
  };
  const observer = new MutationObserver((changes) => {
    if (document.activeElement !== document.body || changes.every(({ removedNodes }) => removedNodes.length === 0)) return;
    had.find((one) => {
      if (one.isConnected) one.focus({ preventScroll: true }); // what is hidden does not take it
      return document.activeElement === one;
    });
  });
  document.addEventListener('focusin', onFocus);
  observer.observe(document.body, { childList: true }); // layers stand there
  return () => {
    document.removeEventListener('focusin', onFocus);
    observer.disconnect();
  };
}
