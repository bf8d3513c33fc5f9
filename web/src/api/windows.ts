// The windows of one browser share its session: what one of them changes of it, the others hear of.
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('waypost.session') : undefined;

export const tellWindows = () => channel?.postMessage('changed');
export function hearWindows(then: () => void): () => void {
  channel?.addEventListener('message', then);
  return () => channel?.removeEventListener('message', then);
}
