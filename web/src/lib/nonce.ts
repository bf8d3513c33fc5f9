// The nonce of this page's style sheets: the server makes a new one for each page.
export const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;

// Components that measure scroll bars make style sheets without it; here they get it, so that the
// policy can stay strict.
export function giveStylesTheNonce() {
  if (!nonce) return;
  const make = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = make(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
